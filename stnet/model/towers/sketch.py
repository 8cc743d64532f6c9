"""Sketch towers: from a drawing's pixels to one feature vector."""

import torch
from torch import Tensor, nn
from transformers import CLIPVisionModel

from stnet.model.configuration import EfficientNetLiteConfig, PatchConvNetConfig, VisionConfig
from stnet.model.towers.efficientnet_lite import HEAD_CHANNELS, EfficientNetLite
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


class EfficientNetLiteDrawing(nn.Module):
    """EfficientNet-Lite0 averaged over its last map.

    Raises:
        ValueError: if the configuration's `hidden_size` isn't the map's 1280 channels.
    """

    def __init__(self, config: EfficientNetLiteConfig) -> None:
        super().__init__()
        if config.hidden_size != HEAD_CHANNELS:
            raise ValueError(f"the sketch tower's hidden_size must be {HEAD_CHANNELS}: {config.hidden_size}")
        self.config = config
        self.backbone = EfficientNetLite()

    def forward(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, s, s) -> (B, 1280)"""
        _, coarse = self.backbone(pixel_values.contiguous(memory_format=torch.channels_last))
        return coarse.mean((2, 3))


def build_sketch_tower(config: VisionConfig) -> ConvNetDrawing | ClipDrawing | EfficientNetLiteDrawing:
    """The tower that `config` describes, with random weights."""
    if isinstance(config, EfficientNetLiteConfig):
        return EfficientNetLiteDrawing(config)
    return ConvNetDrawing(config) if isinstance(config, PatchConvNetConfig) else ClipDrawing(config)
