"""The sketch stage: names of drawings, and the sketch tower alone learns them."""

import json
import math

import pytest
import torch

from stnet.training.loop import Trainer
from tests.training.shapes import SPLIT
from tests.training.stages.building import only_batch, sketch_stage, with_gradient


def test_the_sketch_stage_trains_the_sketch_tower_alone(tmp_path):
    stage = sketch_stage(tmp_path, batch_size=8)
    batch = only_batch(stage)
    assert batch.ink.shape == (8, 32, 32) and batch.ink.dtype == torch.uint8
    assert ((batch.category >= 0) & (batch.category < len(SPLIT.seen))).all()
    losses = stage(batch)
    assert losses["classification"].item() == pytest.approx(math.log(len(SPLIT.seen)), rel=0.5)
    losses["classification"].backward()
    learning = with_gradient(stage)
    assert {name.split(".")[1] for name in learning if name.startswith("model.")} == {
        "sketch_tower",
        "sketch_projection",
    }
    assert "heads.classify.weight" in learning and "heads.focus" not in learning


def test_the_sketch_stage_learns_its_shapes(tmp_path):
    stage = sketch_stage(tmp_path, batch_size=16, steps=40, learning_rate=0.01, log_every=8)
    Trainer(stage, stage.config).run()
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["classification"] < rows[0]["classification"] - 0.1
