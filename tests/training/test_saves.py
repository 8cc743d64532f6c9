"""What a run writes: a checkpoint and heads for others, and a state that is whole or the old one."""

import pytest
import torch
from safetensors.torch import load_file

from stnet.training.config import RunError
from stnet.training.saves import HEADS_NAME, read_state, write_checkpoint, write_state
from tests.training.stages.building import sketch_stage

SHAPE = {"processes": 1, "batch_size": 4}


def test_a_state_is_read_as_it_was_written(tmp_path):
    assert read_state(tmp_path, SHAPE) is None
    write_state(tmp_path, {"shape": SHAPE, "step": 3})
    assert read_state(tmp_path, SHAPE)["step"] == 3
    with pytest.raises(RunError, match="written with batch_size 4, this run has batch_size 8"):
        read_state(tmp_path, SHAPE | {"batch_size": 8})


def test_a_state_that_could_not_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    write_state(tmp_path, {"shape": SHAPE, "step": 3})

    def full(state, path):
        path.write_bytes(b"half")
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(torch, "save", full)
        with pytest.raises(OSError, match="no space left"):
            write_state(tmp_path, {"shape": SHAPE, "step": 4})
    assert read_state(tmp_path, SHAPE)["step"] == 3


def test_heads_lie_beside_the_model_not_in_it(tmp_path):
    stage = sketch_stage(tmp_path)
    write_checkpoint(tmp_path, stage.model, stage.processor, stage.state_dict())
    heads, model = load_file(tmp_path / HEADS_NAME), load_file(tmp_path / "model.safetensors")
    assert heads.keys() == stage.heads.state_dict().keys()
    assert model.keys() == stage.model.state_dict().keys()
