"""Any backbone of transformers: its last two maps, the towers around it, and those that don't fit."""

import pytest
import torch
from transformers import AutoBackbone, AutoConfig, ConvNextV2Config, Dinov2Config, ResNetConfig, SwinConfig

from stnet.model.configuration import BackboneConfig, EfficientNetLiteConfig
from stnet.model.towers.backbone import StridedBackbone, build_backbone
from stnet.model.towers.efficientnet_lite import EfficientNetLite
from stnet.model.towers.image import BackbonePatches, build_image_tower
from stnet.model.towers.sketch import BackboneDrawing, build_sketch_tower

RESNET = ResNetConfig(
    embedding_size=8, hidden_sizes=[8, 12, 16, 24], depths=[1, 1, 1, 1], layer_type="basic"
).to_dict()
CONVNEXT = ConvNextV2Config(hidden_sizes=[8, 12, 16, 24], depths=[1, 1, 1, 1]).to_dict()
SWIN = SwinConfig(embed_dim=8, depths=[1] * 4, num_heads=[1] * 4, window_size=4, image_size=96).to_dict()
SMALL = {"image_size": 64, "hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2}


@pytest.mark.parametrize(
    ("fields", "channels"),
    [(RESNET, (16, 24)), (CONVNEXT, (16, 24)), (SWIN, (32, 64))],
    ids=["resnet", "convnext", "swin"],
)
@torch.no_grad()
def test_its_maps_are_those_of_transformers_own_last_two_stages(fields, channels):
    torch.manual_seed(0)
    backbone = StridedBackbone(fields).eval()
    assert backbone.channels == channels
    pixels = torch.randn(2, 3, 96, 96)
    fine, coarse = backbone(pixels)
    assert fine.shape == (2, channels[0], 6, 6) and coarse.shape == (2, channels[1], 3, 3)
    stages = {"out_indices": [1, 2, 3, 4], "out_features": None}
    peer = AutoBackbone.from_config(AutoConfig.for_model(**fields | stages)).eval()
    missing, unknown = peer.load_state_dict(backbone.network.state_dict(), strict=False)
    assert not unknown and all("norm" in name for name in missing)  # of the stages before
    for ours, theirs in zip((fine, coarse), peer(pixels).feature_maps[2:], strict=True):
        assert torch.equal(ours, theirs)


def test_the_configuration_says_which_network_is_built():
    assert isinstance(build_backbone(EfficientNetLiteConfig()), EfficientNetLite)
    assert isinstance(build_backbone(BackboneConfig(RESNET)), StridedBackbone)


@torch.no_grad()
def test_towers_read_it_on_the_patch_grid_and_as_a_whole():
    torch.manual_seed(0)
    tower = build_image_tower(BackboneConfig(RESNET, **SMALL)).eval()
    assert isinstance(tower, BackbonePatches)
    assert tower(torch.randn(2, 3, 64, 64)).shape == (2, 16, 16)
    drawing = build_sketch_tower(BackboneConfig(RESNET, image_size=64, hidden_size=24)).eval()
    assert isinstance(drawing, BackboneDrawing)
    ink = torch.randn(2, 3, 64, 64)
    assert torch.allclose(drawing(ink), drawing.backbone(ink)[1].mean((2, 3)), atol=1e-6)


def test_a_network_whose_maps_have_other_strides_is_refused():
    fields = Dinov2Config(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=64, patch_size=16
    )
    backbone = StridedBackbone(fields.to_dict())
    with pytest.raises(ValueError, match="strides 16 and 32; of 64 pixels dinov2 makes maps of 4 and 4"):
        backbone(torch.zeros(1, 3, 64, 64))


@pytest.mark.parametrize("name", ["no_such_network", "bert"])
def test_what_is_no_backbone_is_refused(name):
    with pytest.raises(ValueError, match=f"no backbone of '{name}'"):
        StridedBackbone({"model_type": name})


def test_a_backbone_without_a_name_is_refused():
    with pytest.raises(ValueError, match="needs a model_type"):
        BackboneConfig({"depths": [1]})
