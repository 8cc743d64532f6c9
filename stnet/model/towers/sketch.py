"""Sketch towers: from a drawing's pixels to one feature vector."""

import torch
from torch import Tensor, nn
from transformers import CLIPVisionModel

from stnet.model.configuration import GridTowerConfig, PatchConvNetConfig, VisionConfig
from stnet.model.towers.backbone import build_backbone
from stnet.model.towers.image import PatchConvNet


class ClipDrawing(CLIPVisionModel):
    """CLIP's ViT, read at its class token (the paper's sketch encoder)."""

    def forward(self, pixel_values: Tensor) -> Tensor:
        """(B, C, s, s) -> (B, hidden)"""
        return super().forward(pixel_values=pixel_values).pooler_output


class ConvNetDrawing(PatchConvNet):
    """The small convolutional network, averaged over its grid: from random weights it learns far faster."""

    def forward(self, pixel_values: Tensor) -> Tensor:
        """(B, C, s, s) -> (B, hidden)"""
        return self.post_layernorm(self.patch_tokens(*self.feature_maps(pixel_values)).mean(1))


class BackboneDrawing(nn.Module):
    """A published network averaged over its last map.

    Raises:
        ValueError: if the configuration's `hidden_size` isn't the number of the map's channels.
    """

    def __init__(self, config: GridTowerConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = build_backbone(config)
        width = self.backbone.channels[1]
        if config.hidden_size != width:
            raise ValueError(f"the sketch tower's hidden_size must be {width}, got {config.hidden_size}")

    def forward(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, s, s) -> (B, hidden)"""
        maps: tuple[Tensor, Tensor] = self.backbone(
            pixel_values.contiguous(memory_format=torch.channels_last)
        )
        return maps[1].mean((2, 3))


def build_sketch_tower(config: VisionConfig) -> ConvNetDrawing | ClipDrawing | BackboneDrawing:
    """The tower that `config` describes, with random weights."""
    if isinstance(config, GridTowerConfig):
        return BackboneDrawing(config)
    return ConvNetDrawing(config) if isinstance(config, PatchConvNetConfig) else ClipDrawing(config)
