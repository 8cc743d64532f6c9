"""What convolutional towers share: maps at strides 16 and 32 joined on the patch grid, then mixed."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers.models.clip.modeling_clip import CLIPEncoder

from stnet.model.configuration import EfficientNetLiteConfig, PatchConvNetConfig

STRIDE = 16  # of the finer map


def resize(maps: Tensor, rows: int, columns: int) -> Tensor:
    """(B, C, h, w) -> (B, C, rows, columns), bilinear"""
    return F.interpolate(maps, size=(rows, columns), mode="bilinear", align_corners=False)


class PatchGrid(nn.Module):
    """Join two maps on the grid of patches, add where each patch is, mix by a few transformer layers."""

    def __init__(self, config: PatchConvNetConfig | EfficientNetLiteConfig, at_16: int, at_32: int) -> None:
        super().__init__()
        self.fine = nn.Linear(at_16, config.hidden_size)
        self.coarse = nn.Linear(at_32, config.hidden_size)
        self.patch_size = config.patch_size
        grid = config.image_size // config.patch_size
        self.position = nn.Parameter(torch.zeros(1, config.hidden_size, grid, grid))
        self.encoder = CLIPEncoder(config)
        self.post_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def feature_maps(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) -> the convolutional maps (B, C16, S/16, S/16) and (B, C32, S/32, S/32)."""
        raise NotImplementedError

    def patch_tokens(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """The two maps -> patch tokens (B, P, hidden), P = (S / patch_size)^2, row by row."""
        rows, columns = (side * STRIDE // self.patch_size for side in fine.shape[-2:])
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
        """(B, 3, S, S) -> (B, P, hidden)"""
        return self.post_layernorm(self.patch_tokens(*self.feature_maps(pixel_values)))
