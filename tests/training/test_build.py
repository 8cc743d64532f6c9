"""From a configuration to a stage: the one it names, the same every time, frozen as it says."""

import pytest
import torch

from stnet.training.build import prepare
from stnet.training.config import TrainConfig
from stnet.training.stages.image import ImageStage
from stnet.training.stages.joint import JointStage
from stnet.training.stages.sketch import SketchStage

TOWER = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
MODEL = {
    "projection_dim": 16,
    "image_config": {"image_size": 64, "stem_channels": 8, "stage_channels": [8, 16, 24], **TOWER},
    "sketch_config": {"image_size": 32, "patch_size": 8, "num_channels": 1, **TOWER},
    "text_config": {"max_position_embeddings": 16, **TOWER},
}


@pytest.fixture(autouse=True)
def few_texts(monkeypatch):
    monkeypatch.setattr("stnet.training.build.CORPUS_TEXTS", 300)


def stage_of(name, folder, **changes):
    settings = {"stage": name, "output": str(folder), "model": MODEL, "batch_size": 2, "workers": 0}
    return prepare(TrainConfig(**settings | changes))


def test_a_configuration_names_its_stage(tmp_path):
    for name, kind in (("image", ImageStage), ("sketch", SketchStage), ("joint", JointStage)):
        stage = stage_of(name, tmp_path)
        assert type(stage) is kind and stage.config.stage == name
        losses = stage(next(iter(stage.batches(0, 0))))
        assert losses and all(value.ndim == 0 for value in losses.values())


def test_the_same_configuration_builds_the_same_stage(tmp_path):
    first, again, other = (stage_of("joint", tmp_path, seed=seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(value, again[name]) for name, value in first.items())
    assert not torch.equal(first["model.sketch_projection.weight"], other["model.sketch_projection.weight"])


def test_what_the_configuration_freezes_does_not_learn(tmp_path):
    stage = stage_of("joint", tmp_path, frozen=["sketch_tower", "classifier"])
    still = {name for name, weight in stage.named_parameters() if not weight.requires_grad}
    assert any(name.startswith("model.sketch_tower.") for name in still)
    assert {"heads.classify.weight", "heads.classify.bias"} <= still
    assert all(name.startswith(("model.sketch_tower.", "heads.classify.")) for name in still)
