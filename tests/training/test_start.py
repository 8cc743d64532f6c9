"""What a run begins from: parts of other checkpoints, other towers, the heads of an earlier run."""

import pytest
import torch

from stnet.training.config import RunError
from stnet.training.loop import Trainer
from stnet.training.start import load_heads, load_parts, model_of_networks, rebuilt
from tests.training.shapes import tiny_model
from tests.training.stages.building import joint_stage, sketch_stage


def test_parts_come_from_other_checkpoints(tmp_path):
    donor, model = tiny_model()[0], tiny_model()[0]
    with torch.no_grad():
        donor.sketch_projection.weight.fill_(3.0)
        donor.text_projection.weight.fill_(4.0)
        donor.neutral_text.fill_(5.0)
    donor.save_pretrained(tmp_path)
    load_parts(model, {"sketch_projection": str(tmp_path), "neutral_text": str(tmp_path)})
    assert (model.sketch_projection.weight == 3).all() and not (model.text_projection.weight == 4).any()
    assert (model.neutral_text == 5).all() and model.neutral_text.requires_grad


def test_a_model_with_another_tower_keeps_the_weights_of_the_rest():
    model = tiny_model()[0]
    sketch = {"model_type": "stnet_patch_conv_net", "image_size": 64, "num_channels": 1, "hidden_size": 32}
    changed = rebuilt(model, {"sketch_config": sketch})
    assert changed.config.sketch_size == 64 and changed.sketch_tower.position.shape[1] == 32
    assert changed.sketch_projection.weight.shape[1] == 32
    kept = {name: value for name, value in model.state_dict().items() if not name.startswith("sketch_")}
    assert kept and all(torch.equal(changed.state_dict()[name], value) for name, value in kept.items())
    warmer = rebuilt(changed, {"attention_temperature": 40.0})
    assert warmer.temperature.item() == pytest.approx(40) != changed.temperature.item()
    assert torch.equal(warmer.sketch_tower.position, changed.sketch_tower.position)
    with pytest.raises(RunError, match=r"unknown fields \['sketch_config.depth'\]"):
        rebuilt(model, {"sketch_config": sketch | {"depth": 3}})


def test_a_part_of_another_size_is_refused(tmp_path):
    model = tiny_model()[0]
    model.text_projection = torch.nn.Linear(16, 24)
    tiny_model()[0].save_pretrained(tmp_path)
    with pytest.raises(RunError, match=r"text_projection of .* doesn't fit this model"):
        load_parts(model, {"text_projection": str(tmp_path)})


def test_heads_are_kept_beside_a_run_and_start_another(tmp_path):
    first = sketch_stage(tmp_path / "first", batch_size=4, steps=1)
    Trainer(first, first.config).run()
    second = joint_stage(tmp_path / "second")
    load_heads(second.heads, str(tmp_path / "first"))
    for name, value in first.heads.state_dict().items():
        assert torch.equal(second.heads.state_dict()[name], value), name
    with pytest.raises(RunError, match=r"the heads of .* can't be used"):
        load_heads(second.heads, str(tmp_path / "nowhere"))


def test_networks_that_are_missing_are_named(tmp_path):
    nowhere = str(tmp_path / "nowhere")
    with pytest.raises(RunError, match=r"can't begin with .*nowhere"):
        model_of_networks(nowhere, nowhere, nowhere, {}, ["cat"])
