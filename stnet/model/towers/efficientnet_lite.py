"""EfficientNet-Lite (Tan and Le 2019, without squeeze-and-excitation, ReLU6): the convolutions alone.

Modules are named as timm names them, so that weights of `tf_efficientnet_lite*` fit. Convolutions that halve
the map pad as TensorFlow does (more at the right and the bottom): the published weights were trained so.
"""

from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn

NORM_EPSILON = 1e-3
STEM_CHANNELS, HEAD_CHANNELS = 32, 1280


class StagePlan(NamedTuple):
    """One stage of Lite0: `blocks` of them, the first with `stride`."""

    blocks: int
    channels: int
    kernel: int
    stride: int
    expansion: int


LITE0 = (
    StagePlan(1, 16, 3, 1, 1),
    StagePlan(2, 24, 3, 2, 6),
    StagePlan(2, 40, 5, 2, 6),
    StagePlan(3, 80, 3, 2, 6),
    StagePlan(3, 112, 5, 1, 6),
    StagePlan(4, 192, 5, 2, 6),
    StagePlan(1, 320, 3, 1, 6),
)
STAGES_TO_16 = 5  # stages up to stride 16
FINE_CHANNELS = LITE0[STAGES_TO_16 - 1].channels


def pad_same(x: Tensor, kernel: int, stride: int) -> Tensor:
    """TensorFlow's padding "SAME" for a convolution without padding. (B, C, h, w) -> (B, C, h', w')"""
    height, width = (max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in x.shape[-2:])
    return F.pad(x, (width // 2, width - width // 2, height // 2, height - height // 2))


class SameConv2d(nn.Conv2d):
    """A convolution without bias whose output has ceil(side / stride) pixels a side."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, groups: int = 1) -> None:
        padding = kernel // 2 if stride == 1 else 0
        super().__init__(inputs, outputs, kernel, stride, padding, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) -> (B, C', h / stride, w / stride)"""
        if self.stride[0] > 1:
            x = pad_same(x, self.kernel_size[0], self.stride[0])
        return super().forward(x)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=NORM_EPSILON)


class DepthwiseSeparable(nn.Module):
    """The first block: a depthwise convolution and a linear 1x1 one."""

    def __init__(self, inputs: int, plan: StagePlan) -> None:
        super().__init__()
        self.conv_dw = SameConv2d(inputs, inputs, plan.kernel, plan.stride, groups=inputs)
        self.bn1 = _norm(inputs)
        self.conv_pw = SameConv2d(inputs, plan.channels, 1, 1)
        self.bn2 = _norm(plan.channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) -> (B, C', h, w)"""
        return self.bn2(self.conv_pw(F.relu6(self.bn1(self.conv_dw(x)))))


class InvertedResidual(nn.Module):
    """Widen, convolve channel by channel, narrow; around it a shortcut where the shapes allow one."""

    def __init__(self, inputs: int, plan: StagePlan, stride: int) -> None:
        super().__init__()
        wide = inputs * plan.expansion
        self.shortcut = stride == 1 and inputs == plan.channels
        self.conv_pw = SameConv2d(inputs, wide, 1, 1)
        self.bn1 = _norm(wide)
        self.conv_dw = SameConv2d(wide, wide, plan.kernel, stride, groups=wide)
        self.bn2 = _norm(wide)
        self.conv_pwl = SameConv2d(wide, plan.channels, 1, 1)
        self.bn3 = _norm(plan.channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) -> (B, C', h / stride, w / stride)"""
        y = F.relu6(self.bn2(self.conv_dw(F.relu6(self.bn1(self.conv_pw(x))))))
        y = self.bn3(self.conv_pwl(y))
        return x + y if self.shortcut else y


class EfficientNetLite(nn.Module):
    """Lite0 without its classifier: maps at strides 16 and 32, of so many `channels`."""

    channels = FINE_CHANNELS, HEAD_CHANNELS

    def __init__(self) -> None:
        super().__init__()
        self.conv_stem = SameConv2d(3, STEM_CHANNELS, 3, 2)
        self.bn1 = _norm(STEM_CHANNELS)
        self.blocks = nn.ModuleList()
        inputs = STEM_CHANNELS
        for plan in LITE0:
            stage = nn.Sequential()
            for number in range(plan.blocks):
                stride = plan.stride if number == 0 else 1
                first = plan.expansion == 1
                stage.append(
                    DepthwiseSeparable(inputs, plan) if first else InvertedResidual(inputs, plan, stride)
                )
                inputs = plan.channels
            self.blocks.append(stage)
        self.conv_head = SameConv2d(inputs, HEAD_CHANNELS, 1, 1)
        self.bn2 = _norm(HEAD_CHANNELS)

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) -> (B, 112, S/16, S/16) and, after the last convolution, (B, 1280, S/32, S/32)."""
        x = F.relu6(self.bn1(self.conv_stem(pixel_values)))
        for stage in self.blocks[:STAGES_TO_16]:
            x = stage(x)
        fine = x
        for stage in self.blocks[STAGES_TO_16:]:
            x = stage(x)
        return fine, F.relu6(self.bn2(self.conv_head(x)))
