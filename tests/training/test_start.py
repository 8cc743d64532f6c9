"""What a run begins from: parts of other checkpoints, other towers, the heads of an earlier run."""

import pytest
import torch
from PIL import Image, ImageDraw
from transformers import BertConfig, BertModel, BertTokenizer, ResNetBackbone, ResNetConfig

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


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    """Folders of a small backbone and a small text encoder of transformers, with its tokenizer."""
    folder = tmp_path_factory.mktemp("networks")
    eyes = ResNetConfig(embedding_size=8, hidden_sizes=[8, 8, 16, 24], depths=[1] * 4, layer_type="basic")
    ResNetBackbone(eyes).save_pretrained(folder / "eyes")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "cat"]
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    BertModel(BertConfig(vocab_size=len(words), max_position_embeddings=12, **small)).save_pretrained(
        folder / "words"
    )
    BertTokenizer({word: number for number, word in enumerate(words)}).save_pretrained(folder / "words")
    return [str(folder / name) for name in ("eyes", "eyes", "words")]


TOWER = {"image_size": 64, "hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2}


def test_networks_of_transformers_become_towers(networks):
    fields = {"projection_dim": 16, "image_config": TOWER}
    model, processor = model_of_networks(*networks, fields, ["cat"])
    assert processor.image.mean == pytest.approx((0.485, 0.456, 0.406))
    pixels, ink = processor.images([Image.new("RGB", (40, 30))]), Image.new("L", (64, 64))
    ImageDraw.Draw(ink).line((8, 8, 56, 40), 255, 3)
    assert model.encode_image(pixels).shape == (1, 16, 16)
    assert model.encode_sketch(processor.inked(ink)).shape == (1, 16)
    assert model.encode_text(*processor.text_batch(["a cat"])).shape == (1, 16)


def test_a_misspelt_field_of_a_tower_is_named(networks):
    with pytest.raises(RunError, match=r"unknown fields \['image_config.hidden_sise'\]"):
        model_of_networks(*networks, {"image_config": TOWER | {"hidden_sise": 8}}, ["cat"])
