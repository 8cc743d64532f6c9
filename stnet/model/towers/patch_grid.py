"""What convolutional towers share: maps at strides 16 and 32 joined on the patch grid, then mixed."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers.models.clip.modeling_clip import CLIPEncoder

from stnet.model.configuration import EfficientNetLiteConfig, PatchConvNetConfig


class PatchGrid(nn.Module):
    """Join two maps on the stride-16 grid, add where each patch is, mix by a few transformer layers."""

    def __init__(self, config: PatchConvNetConfig | EfficientNetLiteConfig, at_16: int, at_32: int) -> None:
        super().__init__()
        self.fine = nn.Linear(at_16, config.hidden_size)
        self.coarse = nn.Linear(at_32, config.hidden_size)
        grid = config.image_size // config.patch_size
        self.position = nn.Parameter(torch.zeros(1, config.hidden_size, grid, grid))
        self.encoder = CLIPEncoder(config)
        self.post_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def feature_maps(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) -> the convolutional maps (B, C16, S/16, S/16) and (B, C32, S/32, S/32)."""
        raise NotImplementedError

    def patch_tokens(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """The two maps -> patch tokens (B, P, hidden), P = (S/16)^2, row by row."""
        rows, columns = fine.shape[-2:]
        wide = self.coarse(coarse.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        wide = F.interpolate(wide, size=(rows, columns), mode="bilinear", align_corners=False)
        position: Tensor = self.position
        if position.shape[-2:] != (rows, columns):  # training begins with smaller pictures
            position = F.interpolate(position, size=(rows, columns), mode="bilinear", align_corners=False)
        tokens = self.fine(fine.permute(0, 2, 3, 1)) + (wide + position).permute(0, 2, 3, 1)
        return self.encoder(inputs_embeds=tokens.flatten(1, 2)).last_hidden_state

    def forward(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, S, S) -> (B, P, hidden)"""
        return self.post_layernorm(self.patch_tokens(*self.feature_maps(pixel_values)))
