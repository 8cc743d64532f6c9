"""Image towers: from pixels to one feature vector a patch. The model sees only the last hidden states."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import CLIPVisionModel

from stnet.model.configuration import GridTowerConfig, PatchConvNetConfig, VisionConfig
from stnet.model.towers.backbone import build_backbone
from stnet.model.towers.patch_grid import PatchGrid


class ClosedBatchNorm(nn.BatchNorm2d):
    """A batch norm whose weight starts at zero: what it ends contributes nothing at first."""


def convolution(
    inputs: int, outputs: int, stride: int = 1, norm: type[nn.BatchNorm2d] = nn.BatchNorm2d
) -> nn.Sequential:
    """A 3x3 convolution and its batch norm; what follows it adds the ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=3, stride=stride, padding=1, bias=False), norm(outputs)
    )


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions around a shortcut; it starts as the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels)
        self.second = convolution(channels, channels, norm=ClosedBatchNorm)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) -> (B, C, h, w)"""
        return F.relu(x + self.second(F.relu(self.first(x))))


class Stage(nn.Module):
    """Halve the map, change the channels, refine with residual blocks."""

    def __init__(self, inputs: int, outputs: int, blocks: int) -> None:
        super().__init__()
        self.down = convolution(inputs, outputs, stride=2)
        self.blocks = nn.Sequential(*(ResidualBlock(outputs) for _ in range(blocks)))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) -> (B, C', h/2, w/2)"""
        return self.blocks(F.relu(self.down(x)))


class PatchConvNet(PatchGrid):
    """Convolutions to strides 16 and 32, joined on the stride-16 grid, mixed by a few transformer layers."""

    def __init__(self, config: PatchConvNetConfig) -> None:
        at_8, at_16, at_32 = config.stage_channels
        super().__init__(config, at_16, at_32)
        self.config = config
        # space-to-depth by 2 first: a stride-4 stem for a quarter of the work of a 7x7 convolution
        self.stem = convolution(config.num_channels * 4, config.stem_channels, stride=2)
        self.stage_8 = Stage(config.stem_channels, at_8, config.stage_blocks[0])
        self.stage_16 = Stage(at_8, at_16, config.stage_blocks[1])
        self.stage_32 = Stage(at_16, at_32, config.stage_blocks[2])

    def feature_maps(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) -> the convolutional maps (B, C16, S/16, S/16) and (B, C32, S/32, S/32)."""
        x = F.pixel_unshuffle(pixel_values, 2).contiguous(memory_format=torch.channels_last)
        fine = self.stage_16(self.stage_8(F.relu(self.stem(x))))
        return fine, self.stage_32(fine)


class BackbonePatches(PatchGrid):
    """A published network, pretrained on ImageNet as a rule, read on the patch grid."""

    def __init__(self, config: GridTowerConfig) -> None:
        backbone = build_backbone(config)
        super().__init__(config, *backbone.channels)
        self.config = config
        self.backbone = backbone

    def feature_maps(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) -> the maps (B, C16, S/16, S/16) and (B, C32, S/32, S/32)."""
        maps: tuple[Tensor, Tensor] = self.backbone(
            pixel_values.contiguous(memory_format=torch.channels_last)
        )
        return maps


class ClipPatches(CLIPVisionModel):
    """CLIP's ViT, read at its patches instead of its class token (the paper's image encoder)."""

    def forward(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, S, S) -> (B, P, hidden), normalised as CLIP normalises its class token"""
        hidden = super().forward(pixel_values=pixel_values).last_hidden_state
        return self.post_layernorm(hidden[:, 1:])


def build_image_tower(config: VisionConfig) -> PatchGrid | ClipPatches:
    """The tower that `config` describes, with random weights."""
    if isinstance(config, GridTowerConfig):
        return BackbonePatches(config)
    return PatchConvNet(config) if isinstance(config, PatchConvNetConfig) else ClipPatches(config)
