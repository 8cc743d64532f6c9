"""The match stage: its losses are those of a search, and only the drawings' tower learns from them."""

import json

import numpy as np
import pytest
import torch

from stnet.model.scoring import score
from stnet.training.batches.matches import MatchSource
from stnet.training.loop import Trainer
from stnet.training.losses import contrastive
from stnet.training.naming import with_naming_head
from stnet.training.stages.match import MatchStage
from tests.training.shapes import run_config
from tests.training.stages.building import only_batch, with_gradient
from tests.training.things import NAMES, kept_pictures, sketches

WEIGHTS = {"sketch": 1.0, "contrastive": 1.0, "focus": 1.0, "attention": 0.3, "names": 0.3}


def match_stage(folder, model=None, **changes):
    made, processor, kept = kept_pictures(8)
    config = run_config(folder, **{"weights": WEIGHTS, "queries_per_image": 2, **changes})
    source = MatchSource(kept, sketches(), processor, NAMES, config)
    return MatchStage(model or made, processor, config, source, len(NAMES))


def test_the_drawings_tower_learns_alone(tmp_path):
    stage = match_stage(tmp_path)
    batches = (only_batch(stage, seed) for seed in range(20))
    losses = stage(next(batch for batch in batches if (batch.name >= 0).any()))
    assert set(losses) == {*WEIGHTS, "pointing", "accuracy"}
    sum(losses[name] for name in WEIGHTS).backward()
    learning = with_gradient(stage)
    parts = {name.split(".")[1] for name in learning if name.startswith("model.")}
    assert parts == {"sketch_tower", "sketch_projection"}
    assert {"heads.focus", "naming.weight"} <= learning


@torch.no_grad()
def test_drawings_alone_are_held_to_the_pictures_that_show_such_a_thing(tmp_path):
    stage = match_stage(tmp_path).eval()
    batch, model = only_batch(stage), stage.model
    vectors = model.encode_sketch(stage.processor.sketch_batch(batch.ink))
    logits, right = [], []
    for vector, thing in zip(vectors, batch.thing, strict=True):
        found = score(vector, vector * model.neutral_text, batch.patches, model.temperature)
        logits.append(found.score)
        right.append(torch.stack([(row == thing).any() for row in batch.things]))
    expected = contrastive(model.logit_scale.exp() * torch.stack(logits), torch.stack(right))
    assert stage(batch)["sketch"].item() == pytest.approx(expected.item(), rel=1e-4)


@torch.no_grad()
def test_beside_words_a_drawing_counts_its_share_and_finds_its_own_picture(tmp_path):
    stage = match_stage(tmp_path).eval()
    stage.model.config.sketch_share = 0.25
    batch, model = only_batch(stage), stage.model
    vectors = model.encode_sketch(stage.processor.sketch_batch(batch.ink))
    beside = model.neutral_sketch + 0.25 * (vectors - model.neutral_sketch)
    logits = [
        score(vector, vector * words, batch.patches, model.temperature).score
        for vector, words in zip(beside, batch.words, strict=True)
    ]
    own = batch.picture[:, None] == torch.arange(len(batch.patches))
    expected = contrastive(model.logit_scale.exp() * torch.stack(logits), own)
    assert stage(batch)["contrastive"].item() == pytest.approx(expected.item(), rel=1e-4)


def test_names_begin_with_the_models_own(tmp_path):
    model, _, _ = kept_pictures(1)
    head = torch.nn.Linear(16, len(NAMES))
    stage = match_stage(tmp_path, with_naming_head(model, NAMES, head))
    assert torch.equal(stage.naming.weight, head.weight)
    other = match_stage(tmp_path, with_naming_head(model, ["a", "b", "c"], torch.nn.Linear(16, 3)))
    assert other.naming.weight.shape == (len(NAMES), 16)


def test_it_learns_what_is_drawn(tmp_path):
    stage = match_stage(tmp_path, steps=30, learning_rate=0.01, log_every=5)
    before = {name: value.clone() for name, value in stage.model.state_dict().items()}
    Trainer(stage, stage.config).run()
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert np.mean([row["sketch"] for row in rows[-2:]]) < rows[0]["sketch"]
    changed = {
        name for name, value in stage.model.state_dict().items() if not torch.equal(before[name], value)
    }
    assert changed and all(name.startswith(("sketch_tower.", "sketch_projection.")) for name in changed)
