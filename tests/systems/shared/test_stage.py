"""STNET on the shared pool: the joint stage's losses, the slides' further ones, and what stays frozen."""

import pytest
import torch

from stnet.model.scoring import attend, attended
from stnet.systems.shared.learning import Schedule, learn
from stnet.systems.shared.making import FROZEN
from stnet.systems.shared.stage import SharedStage, STNetObjective
from stnet.training.config import RunError, TrainConfig
from stnet.training.losses import classification, contrastive

WEIGHTS = {"contrastive": 1.0, "sketch": 0.5, "words": 0.5, "classification": 1.0, "box": 1.0}
FURTHER = {"text_classification": 1.0, "overlap": 1.0, "redrawing": 1.0}


def stage_of(pool, form="product", **weights):
    config = TrainConfig("joint", "unused", weights=WEIGHTS | weights)
    return SharedStage(pool, config, form)


@torch.no_grad()
def test_the_losses_are_the_joint_stage_s_and_those_that_a_weight_asks_for(shared_pool):
    batch = shared_pool.batch(0)
    plain, further = stage_of(shared_pool).eval(), stage_of(shared_pool, **FURTHER).eval()
    found, more = plain(batch), further(batch)
    assert more.keys() - found.keys() == FURTHER.keys()
    for name, value in found.items():
        torch.testing.assert_close(more[name], value, equal_nan=True)
    worded = batch.has_text
    by_words = further.heads.classify(further.texts(batch))[worded]
    expected = classification(by_words, batch.category[worded])
    torch.testing.assert_close(more["text_classification"], expected)
    assert 0 <= more["overlap"] <= 1


@torch.no_grad()
def test_a_query_of_the_form_text_meets_what_the_drawing_attends_to(shared_pool):
    batch, stage = shared_pool.batch(0), stage_of(shared_pool, "text").eval()
    model, tower = stage.model, stage.model.image_tower
    tokens = tower.patch_tokens(*shared_pool.features.maps(batch.pictures.rows))
    patches = model.image_projection(tower.post_layernorm(tokens))
    sketch = model.sketch_projection(shared_pool.features.sketches(batch.sketch_rows))
    text = model.text_projection(shared_pool.features.texts(batch.text_rows))
    text = torch.where(batch.has_text[:, None], text, model.neutral_text)
    attention = attend(sketch, patches, model.temperature)
    scores = torch.zeros(len(sketch), len(patches))
    for row in range(len(sketch)):
        seen = attended(attention[row], patches)
        scores[row] = torch.cosine_similarity(seen, text[row][None])
    holds = (batch.category[:, None, None] == batch.pictures.object_category[None]).any(-1)
    positives = torch.where(batch.has_text[:, None], batch.answers, holds)
    expected = contrastive(model.logit_scale.exp() * scores, positives)
    assert stage(batch)["contrastive"].item() == pytest.approx(expected.item(), rel=1e-3)
    assert stage.query(model.neutral_text, sketch).shape == sketch.shape


def test_what_is_frozen_stays_and_the_loss_falls(shared_pool, tmp_path):
    stage = stage_of(shared_pool, **FURTHER)
    before = {name: value.clone() for name, value in stage.model.state_dict().items()}
    batch = shared_pool.batch(0)
    objective = STNetObjective(stage)
    with torch.no_grad():
        untrained = float(objective.eval()(batch)["loss"])
    learn(objective, shared_pool, Schedule(passes=3, learning_rate=5e-3), 0, tmp_path)
    with torch.no_grad():
        assert float(objective(batch)["loss"]) < untrained
    changed = {n for n, value in stage.model.state_dict().items() if not torch.equal(before[n], value)}
    assert {"image_projection.weight", "text_projection.weight", "image_tower.fine.weight"} <= changed
    assert not any(name.startswith(FROZEN) for name in changed)


def test_weights_of_no_loss_are_refused(shared_pool):
    with pytest.raises(RunError, match=r"weights name \['speed'\]"):
        STNetObjective(stage_of(shared_pool, speed=1.0))(shared_pool.batch(0))
