"""EfficientNet-Lite: TensorFlow's padding, shapes at both strides, and the towers around it."""

import pytest
import torch

from stnet.model.configuration import EfficientNetLiteConfig
from stnet.model.towers.efficientnet_lite import EfficientNetLite, pad_same
from stnet.model.towers.image import BackbonePatches, build_image_tower
from stnet.model.towers.sketch import BackboneDrawing, build_sketch_tower


def image_config():
    return EfficientNetLiteConfig(image_size=64, hidden_size=16, intermediate_size=32, num_attention_heads=2)


@pytest.mark.parametrize(("side", "kernel", "before", "after"), [(8, 3, 0, 1), (7, 3, 1, 1), (8, 5, 1, 2)])
def test_padding_is_tensorflows(side, kernel, before, after):
    padded = pad_same(torch.ones(1, 1, side, side), kernel, stride=2)
    row = padded[0, 0, before]
    assert row.tolist() == [0.0] * before + [1.0] * side + [0.0] * after


def test_lite0_has_its_published_size_without_the_classifier():
    assert sum(weight.numel() for weight in EfficientNetLite().parameters()) == 3_371_008


@torch.no_grad()
def test_maps_have_strides_16_and_32():
    fine, coarse = EfficientNetLite().eval()(torch.randn(2, 3, 64, 64))
    assert fine.shape == (2, 112, 4, 4) and coarse.shape == (2, 1280, 2, 2)
    assert coarse.min() >= 0 and coarse.max() <= 6  # after ReLU6


@torch.no_grad()
def test_the_image_tower_gives_one_token_a_patch():
    tower = build_image_tower(image_config()).eval()
    assert isinstance(tower, BackbonePatches)
    assert tower(torch.randn(2, 3, 64, 64)).shape == (2, 16, 16)


@torch.no_grad()
def test_the_sketch_tower_averages_its_last_map():
    config = EfficientNetLiteConfig(image_size=64, hidden_size=1280, num_hidden_layers=0)
    tower = build_sketch_tower(config).eval()
    assert isinstance(tower, BackboneDrawing)
    drawing = torch.randn(2, 3, 64, 64)
    assert torch.allclose(tower(drawing), tower.backbone(drawing)[1].mean((2, 3)), atol=1e-6)


def test_a_sketch_tower_of_another_width_is_refused():
    with pytest.raises(ValueError, match="1280"):
        build_sketch_tower(image_config())


def test_an_image_side_that_has_no_stride_32_is_refused():
    with pytest.raises(ValueError, match="multiple of 32"):
        EfficientNetLiteConfig(image_size=100)
