"""Two maps of different strides meet on one grid."""

import pytest
import torch
import torch.nn.functional as F

from stnet.model.configuration import EfficientNetLiteConfig, PatchConvNetConfig
from stnet.model.towers.patch_grid import PatchGrid, shrink


@pytest.fixture
def grid():
    torch.manual_seed(0)
    config = PatchConvNetConfig(
        image_size=64, hidden_size=8, intermediate_size=16, num_hidden_layers=0, num_attention_heads=2
    )
    return PatchGrid(config, at_16=3, at_32=5).eval()


@torch.no_grad()
def test_without_layers_a_token_is_the_sum_of_what_lies_there(grid):
    grid.position.normal_()
    fine, coarse = torch.randn(2, 3, 4, 4), torch.randn(2, 5, 1, 1).expand(2, 5, 2, 2)
    tokens = grid.patch_tokens(fine, coarse)
    expected = grid.fine(fine[:, :, 1, 2]) + grid.coarse(coarse[:, :, 0, 0]) + grid.position[0, :, 1, 2]
    assert tokens.shape == (2, 16, 8)
    assert torch.allclose(tokens[:, 6], expected, atol=1e-5)


@torch.no_grad()
def test_where_patches_are_larger_than_the_stride_each_is_made_of_its_neighbours():
    config = EfficientNetLiteConfig(image_size=96, patch_size=24, hidden_size=8, num_hidden_layers=0)
    grid = PatchGrid(config, at_16=3, at_32=5).eval()
    fine = torch.randn(2, 3, 6, 6)
    tokens = grid.patch_tokens(fine, torch.zeros(2, 5, 3, 3))
    assert tokens.shape == (2, 16, 8)
    # the middle of the second of four patches lies at 1.75 of six
    row = fine[:, :, 1] * 0.25 + fine[:, :, 2] * 0.75
    expected = grid.fine(row[:, :, 1] * 0.25 + row[:, :, 2] * 0.75) + grid.coarse(torch.zeros(5))
    assert torch.allclose(tokens[:, 5], expected, atol=1e-5)


def test_a_smaller_picture_is_made_of_all_its_pixels():
    pictures = torch.rand(2, 3, 48, 36)
    expected = F.interpolate(pictures, size=(32, 32), mode="bilinear", antialias=True)
    assert torch.allclose(shrink(pictures, 32), expected, atol=1e-5)
    assert torch.allclose(shrink(torch.full((1, 1, 96, 96), 0.3), 32), torch.tensor(0.3), atol=1e-6)


@torch.no_grad()
def test_patches_are_the_mean_over_the_sizes_at_which_a_picture_is_seen():
    class Brightness(PatchGrid):
        """Its finer map says how bright the picture is, and how large."""

        def feature_maps(self, pixel_values):
            side = pixel_values.shape[-1]
            fine = F.adaptive_avg_pool2d(pixel_values, side // 16) * side
            return fine, fine.new_zeros(len(fine), 5, side // 32, side // 32)

    sizes = {"image_size": 96, "patch_size": 24, "smaller_sizes": [32, 64]}
    grid = Brightness(EfficientNetLiteConfig(hidden_size=8, num_hidden_layers=0, **sizes), at_16=3, at_32=5)

    def mean_over(*sides):
        maps = [torch.full((3,), side / 2) for side in sides]
        return torch.stack([grid.post_layernorm(grid.fine(one) + grid.coarse.bias) for one in maps]).mean(0)

    patches = grid(torch.full((2, 3, 96, 96), 0.5))
    assert patches.shape == (2, 16, 8)
    assert torch.allclose(patches[1, 6], mean_over(96, 32, 64), atol=1e-5)
    # nothing is seen larger than it is
    assert torch.allclose(grid(torch.full((1, 3, 64, 64), 0.5))[0, 3], mean_over(64, 32), atol=1e-5)


@torch.no_grad()
def test_larger_pictures_have_more_tokens_and_maps_are_each_towers_own(grid):
    assert grid.patch_tokens(torch.randn(1, 3, 6, 6), torch.randn(1, 5, 3, 3)).shape == (1, 36, 8)
    with pytest.raises(NotImplementedError):
        grid(torch.randn(1, 3, 64, 64))
