"""Sketch towers: from a drawing's pixels to one feature vector."""

from torch import Tensor
from transformers import CLIPVisionModel

from stnet.model.configuration import PatchConvNetConfig, VisionConfig
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


def build_sketch_tower(config: VisionConfig) -> ConvNetDrawing | ClipDrawing:
    """The tower that `config` describes, with random weights."""
    return ConvNetDrawing(config) if isinstance(config, PatchConvNetConfig) else ClipDrawing(config)
