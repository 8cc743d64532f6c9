"""Both sketch towers give one vector a drawing, and the model doesn't know which it has."""

import pytest
import torch
from transformers import CLIPVisionConfig

from stnet.model.configuration import PatchConvNetConfig
from stnet.model.modeling import STNetModel
from stnet.model.towers.sketch import ClipDrawing, ConvNetDrawing, build_sketch_tower
from tests.conftest import tiny_config

SMALL = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
CONVOLUTIONS = PatchConvNetConfig(
    image_size=32,
    num_channels=1,
    stem_channels=8,
    stage_channels=(8, 16, 24),
    stage_blocks=(1, 1, 1),
    **SMALL,
)
VIT = CLIPVisionConfig(image_size=32, patch_size=8, num_channels=1, **SMALL)


@pytest.mark.parametrize(("config", "kind"), [(CONVOLUTIONS, ConvNetDrawing), (VIT, ClipDrawing)])
def test_a_tower_gives_one_vector_a_drawing(config, kind):
    torch.manual_seed(0)
    tower = build_sketch_tower(config).eval()
    assert type(tower) is kind
    ink = torch.randn(3, 1, 32, 32)
    vectors = tower(ink)
    assert vectors.shape == (3, 16)
    assert torch.allclose(vectors[1], tower(ink[1:2])[0], atol=1e-5)  # drawings don't mix


@torch.no_grad()
def test_the_convolutional_tower_averages_its_patches():
    torch.manual_seed(0)
    tower = build_sketch_tower(CONVOLUTIONS).eval()
    ink = torch.randn(2, 1, 32, 32)
    tokens = tower.patch_tokens(*tower.feature_maps(ink))
    assert tokens.shape == (2, 4, 16)
    assert torch.allclose(tower(ink), tower.post_layernorm(tokens.sum(1) / 4), atol=1e-6)


def test_a_model_with_convolutions_for_both_survives_saving(tmp_path):
    torch.manual_seed(0)
    model = STNetModel(tiny_config(sketch_config=CONVOLUTIONS)).eval()
    ink = torch.randn(2, 1, 32, 32)
    assert model.encode_sketch(ink).shape == (2, 16)
    model.save_pretrained(tmp_path)
    loaded = STNetModel.from_pretrained(tmp_path).eval()
    assert isinstance(loaded.sketch_tower, ConvNetDrawing)
    assert torch.equal(loaded.encode_sketch(ink), model.encode_sketch(ink))
