"""Image towers: from pixels to one feature vector a patch. The model sees only the last hidden states."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import CLIPVisionModel
from transformers.models.clip.modeling_clip import CLIPEncoder

from stnet.model.configuration import PatchConvNetConfig, VisionConfig


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


class PatchConvNet(nn.Module):
    """Convolutions to strides 16 and 32, joined on the stride-16 grid, mixed by a few transformer layers."""

    def __init__(self, config: PatchConvNetConfig) -> None:
        super().__init__()
        self.config = config
        at_8, at_16, at_32 = config.stage_channels
        # space-to-depth by 2 first: a stride-4 stem for a quarter of the work of a 7x7 convolution
        self.stem = convolution(config.num_channels * 4, config.stem_channels, stride=2)
        self.stage_8 = Stage(config.stem_channels, at_8, config.stage_blocks[0])
        self.stage_16 = Stage(at_8, at_16, config.stage_blocks[1])
        self.stage_32 = Stage(at_16, at_32, config.stage_blocks[2])
        self.fine = nn.Linear(at_16, config.hidden_size)
        self.coarse = nn.Linear(at_32, config.hidden_size)
        grid = config.image_size // config.patch_size
        self.position = nn.Parameter(torch.zeros(1, config.hidden_size, grid, grid))
        self.encoder = CLIPEncoder(config)
        self.post_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def feature_maps(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) -> the convolutional maps (B, C16, S/16, S/16) and (B, C32, S/32, S/32)."""
        x = F.pixel_unshuffle(pixel_values, 2).contiguous(memory_format=torch.channels_last)
        fine = self.stage_16(self.stage_8(F.relu(self.stem(x))))
        return fine, self.stage_32(fine)

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


class ClipPatches(CLIPVisionModel):
    """CLIP's ViT, read at its patches instead of its class token (the paper's image encoder)."""

    def forward(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, S, S) -> (B, P, hidden), normalised as CLIP normalises its class token"""
        hidden = super().forward(pixel_values=pixel_values).last_hidden_state
        return self.post_layernorm(hidden[:, 1:])


def build_image_tower(config: VisionConfig) -> PatchConvNet | ClipPatches:
    """The tower that `config` describes, with random weights."""
    return PatchConvNet(config) if isinstance(config, PatchConvNetConfig) else ClipPatches(config)
