"""What convolutional towers share: maps at strides 16 and 32 joined on the patch grid, then mixed."""

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers.models.clip.modeling_clip import CLIPEncoder

from stnet.model.configuration import GridTowerConfig, PatchConvNetConfig

STRIDE = 16  # of the finer map


def resize(maps: Tensor, rows: int, columns: int) -> Tensor:
    """(B, C, h, w) -> (B, C, rows, columns), bilinear"""
    return F.interpolate(maps, size=(rows, columns), mode="bilinear", align_corners=False)


@lru_cache(maxsize=8)
def _averages(side: int, smaller: int) -> np.ndarray:
    """Which pixels each of fewer is the mean of: float32 (smaller, side), triangles whose rows sum to 1."""
    scale = side / smaller
    middles = (np.arange(smaller) + 0.5) * scale - 0.5
    weights = np.maximum(1 - np.abs(np.arange(side) - middles[:, None]) / scale, 0)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)


def shrink(pictures: Tensor, side: int) -> Tensor:
    """(B, C, h, w) -> (B, C, side, side), smaller, without the false edges that leaving pixels out makes.

    Two products with constants, since torch can't export its own filter (antialias) to ONNX.
    """
    rows, columns = (torch.from_numpy(_averages(int(n), side)).to(pictures) for n in pictures.shape[-2:])
    return rows @ pictures @ columns.T


class PatchGrid(nn.Module):
    """Join two maps on the grid of patches, add where each patch is, mix by a few transformer layers."""

    def __init__(self, config: PatchConvNetConfig | GridTowerConfig, at_16: int, at_32: int) -> None:
        super().__init__()
        self.fine = nn.Linear(at_16, config.hidden_size)
        self.coarse = nn.Linear(at_32, config.hidden_size)
        self.patch_size, self.smaller_sizes = config.patch_size, config.smaller_sizes
        grid = config.image_size // config.patch_size
        self.position = nn.Parameter(torch.zeros(1, config.hidden_size, grid, grid))
        self.encoder = CLIPEncoder(config)
        self.post_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def feature_maps(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) -> the convolutional maps (B, C16, S/16, S/16) and (B, C32, S/32, S/32)."""
        raise NotImplementedError

    def patch_tokens(self, fine: Tensor, coarse: Tensor, grid: tuple[int, int] | None = None) -> Tensor:
        """The two maps -> patch tokens (B, P, hidden), row by row.

        Args:
            grid: rows and columns of the patches; None: of a picture that has these maps, S / patch_size.
        """
        rows, columns = grid or (side * STRIDE // self.patch_size for side in fine.shape[-2:])
        if fine.shape[-2:] != (rows, columns):
            fine = resize(fine, rows, columns)
        wide = self.coarse(coarse.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        position: Tensor = self.position
        if position.shape[-2:] != (rows, columns):  # training begins with smaller pictures
            position = resize(position, rows, columns)
        wide = resize(wide, rows, columns) + position
        tokens = self.fine(fine.permute(0, 2, 3, 1)) + wide.permute(0, 2, 3, 1)
        return self.encoder(inputs_embeds=tokens.flatten(1, 2)).last_hidden_state

    def forward(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, S, S) -> (B, P, hidden), P = (S / patch_size)^2

        What fills a picture is known better when it is seen smaller, what is small when it is seen larger:
        patches are the mean of those at all sizes.
        """
        height, width = pixel_values.shape[-2:]
        grid = height // self.patch_size, width // self.patch_size
        smaller = [size for size in self.smaller_sizes if size < min(height, width)]  # training begins small
        views = [pixel_values, *(shrink(pixel_values, size) for size in smaller)]
        seen = [self.post_layernorm(self.patch_tokens(*self.feature_maps(view), grid)) for view in views]
        return torch.stack(seen).mean(0)
