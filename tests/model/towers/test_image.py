"""Image towers: CLIP's own numbers for CLIP's ViT; shapes, places and starts for the small network."""

import pytest
import torch
from transformers import CLIPVisionConfig, CLIPVisionModel

from stnet.model.configuration import PatchConvNetConfig
from stnet.model.modeling import STNetModel
from stnet.model.towers.image import ClipPatches, PatchConvNet, ResidualBlock, build_image_tower
from tests.conftest import tiny_config


@pytest.fixture
def clip_config():
    return CLIPVisionConfig(
        image_size=32,
        patch_size=8,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
    )


@pytest.fixture
def small_tower():
    torch.manual_seed(0)
    return STNetModel(tiny_config()).eval().image_tower


def pictures(count=2, side=64, seed=0):
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(seed))


def test_the_config_chooses_the_tower(clip_config):
    assert isinstance(build_image_tower(clip_config), ClipPatches)
    assert isinstance(build_image_tower(PatchConvNetConfig(image_size=32)), PatchConvNet)


def test_clips_patches_are_its_last_hidden_states_without_the_class_token(clip_config):
    torch.manual_seed(0)
    clip = CLIPVisionModel(clip_config).eval()
    with torch.no_grad():
        clip.post_layernorm.weight.uniform_(0.5, 1.5)
        clip.post_layernorm.bias.normal_()
    tower = build_image_tower(clip_config).eval()
    tower.load_state_dict(clip.state_dict())
    pixels = pictures(side=32)
    with torch.no_grad():
        expected = clip.post_layernorm(clip(pixel_values=pixels).last_hidden_state[:, 1:])
        found = tower(pixels)
    assert found.shape == (2, 16, 16)
    assert torch.equal(found, expected)


def test_the_small_tower_gives_one_feature_a_patch(small_tower):
    with torch.no_grad():
        fine, coarse = small_tower.feature_maps(pictures())
        features = small_tower(pictures())
    assert fine.shape == (2, 16, 4, 4) and coarse.shape == (2, 24, 2, 2)
    assert features.shape == (2, 16, 16)
    assert torch.allclose(features, small_tower.post_layernorm(small_tower.patch_tokens(fine, coarse)))


def test_patches_lie_row_by_row(small_tower):
    plain = pictures(1)
    changed = plain.clone()
    changed[:, :, 2:8, 52:58] += 3  # inside the upper right patch: row 0, column 3
    with torch.no_grad():
        maps = [small_tower.feature_maps(pixels) for pixels in (plain, changed)]
    difference = (maps[0][0] - maps[1][0]).abs().sum(1).flatten()
    moved = set(difference.nonzero().flatten().tolist())
    assert {3} <= moved <= {2, 3, 6, 7}  # its own patch, and its neighbours at most


def test_the_small_tower_reads_smaller_pictures(small_tower):
    with torch.no_grad():
        features = small_tower(pictures(side=32))
    assert features.shape == (2, 4, 16) and torch.isfinite(features).all()


def test_a_picture_alone_is_encoded_as_in_company(small_tower):
    pixels = pictures(5)
    with torch.no_grad():
        together = small_tower(pixels)
        alone = torch.cat([small_tower(picture[None]) for picture in pixels])
    assert torch.allclose(together, alone, atol=1e-5)


def test_residual_blocks_start_as_the_identity(small_tower):
    blocks = [module for module in small_tower.modules() if isinstance(module, ResidualBlock)]
    assert len(blocks) == 3
    activations = torch.rand(2, blocks[0].first[0].in_channels, 4, 4)
    with torch.no_grad():
        assert torch.equal(blocks[0](activations), activations)


def test_every_weight_of_a_tower_learns(clip_config):
    torch.manual_seed(0)
    for tower in (STNetModel(tiny_config()).train().image_tower, build_image_tower(clip_config)):
        side = tower.config.image_size
        tower(pictures(4, side)).square().sum().mul(0.01).backward()
        # blocks behind a closed batch norm get their gradient once it has opened
        silent = [name for name, weight in tower.named_parameters() if weight.grad is None]
        assert silent == []
