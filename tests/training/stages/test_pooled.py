"""The joint stage over frozen networks: the pool's features are those that the networks give."""

import numpy as np
import pytest
import torch

from stnet.data.drawings.drawings import Drawings
from stnet.data.photos import load_photos
from stnet.model.configuration import EfficientNetLiteConfig
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.scoring import score
from stnet.training.config import RunError
from stnet.training.loop import Trainer
from stnet.training.losses import contrastive
from stnet.training.stages.pooled import pooled_stage
from stnet.training.tokenizer import train_tokenizer
from tests.conftest import TEXTS, tiny_config
from tests.training.shapes import SPLIT, example_source, run_config, write_photos

FROZEN = ["image_tower.backbone", "sketch_tower"]
POOLS = {"pooled_scenes": 4, "pooled_photos": 4, "pooled_captions": 4, "pooled_sketches": 1}


def parts(tmp_path, **changes):
    torch.manual_seed(0)
    folder = write_photos(tmp_path / "photos", count=6)
    listing = folder / "photos.jsonl"
    listing.write_text(listing.read_text().replace('"objects"', '"captions": ["a red box"], "objects"'))
    lite = EfficientNetLiteConfig(image_size=64, hidden_size=16, intermediate_size=32, num_attention_heads=2)
    drawn = EfficientNetLiteConfig(image_size=32, hidden_size=1280, num_hidden_layers=0)
    examples = example_source(load_photos(folder))
    config = tiny_config(image_config=lite, sketch_config=drawn, categories=list(examples.ids))
    model = STNetModel(config)
    processor = STNetProcessor.for_config(config, train_tokenizer(TEXTS, vocabulary=400))
    line = [np.array([[0, 0], [9, 9], [9, 0]], np.float32)]
    drawings = Drawings({("parcel", "strokes", False): [line]}, mapping={})
    shares = {"photo_share": 0.25, "caption_share": 0.25, "batch_size": 4, "steps": 1}
    weights = {"contrastive": 1.0, "captions": 1.0, "focus": 1.0}
    run = run_config(tmp_path / "run", **{**shares, **POOLS, "frozen": FROZEN, "weights": weights, **changes})
    return model, processor, run, examples, drawings, SPLIT


def test_rows_give_what_the_frozen_networks_give_and_the_rest_learns(tmp_path):
    model, processor, run, *data = parts(tmp_path)
    stage = pooled_stage(model, processor, run, *data)
    stage.freeze(run.frozen)
    batch = stage.source.make(np.random.default_rng(0))
    assert batch.captions is not None and batch.pictures.images.numel() == 0
    stage.eval()
    with torch.no_grad():
        own = stage.pool.sketches(batch.sketch_rows)
        assert torch.allclose(
            own, model.sketch_tower(processor.sketch_batch(batch.ink)), rtol=0.02, atol=0.02
        )
    before = {name: value.clone() for name, value in model.state_dict().items()}
    Trainer(stage, run).run()
    changed = {name for name, value in model.state_dict().items() if not torch.equal(before[name], value)}
    assert "image_projection.weight" in changed and "image_tower.fine.weight" in changed
    assert not any(name.startswith(("image_tower.backbone", "sketch_tower")) for name in changed)


@torch.no_grad()
def test_words_alone_are_held_to_whole_pictures_as_the_search_ranks_them(tmp_path):
    model, processor, run, *data = parts(tmp_path)
    stage = pooled_stage(model, processor, run, *data).eval()
    batch = stage.source.make(np.random.default_rng(0))
    tower = model.image_tower
    tokens = tower.patch_tokens(*stage.pool.maps(batch.pictures.rows))
    patches = model.image_projection(tower.post_layernorm(tokens))
    words = model.encode_text(batch.captions.input_ids, batch.captions.attention_mask)
    neutral, queries = model.neutral_sketch, words * model.neutral_sketch
    logits = torch.stack([score(neutral, query, patches, model.temperature)[0] for query in queries])
    expected = contrastive(model.logit_scale.exp() * logits, batch.captions.answers)
    assert stage(batch)["captions"].item() == pytest.approx(expected.item(), rel=1e-4)


def test_a_pool_needs_what_it_keeps(tmp_path):
    model, processor, run, examples, _, split = parts(tmp_path)
    with pytest.raises(RunError, match="need drawings"):
        pooled_stage(model, processor, run, examples, None, split)
    with pytest.raises(RunError, match=r"with \['image_tower.backbone', 'sketch_tower'\] frozen"):
        run_config(tmp_path, **POOLS)
    with pytest.raises(RunError, match="go together"):
        run_config(tmp_path, pooled_scenes=4, frozen=FROZEN)
