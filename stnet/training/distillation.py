"""A frozen recogniser whose dense features the image tower learns to predict: for training only."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.image import PatchConvNet
from stnet.training.config import RunError
from stnet.training.heads import TeacherHead
from stnet.training.losses import feature_distillation

_BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5, (1024, 2))
_EPSILON = 1e-3


class MobileNetTeacher(nn.Module):
    """MobileNetV1 (arXiv 1704.04861), its batch norms folded: features at strides 16 and 32.

    Reads an .npz of TensorFlow-named arrays: conv1/kernel, conv_dw_N/depthwise_kernel and conv_pw_N/kernel
    for N = 1..12, each with its batch norm (conv1_bn/{gamma, beta, moving_mean, moving_variance}, ...).
    """

    channels = (512, 1024)

    def __init__(self, weights: Path) -> None:
        super().__init__()
        with np.load(weights, allow_pickle=False) as file:
            arrays = {name: torch.from_numpy(file[name].astype(np.float32)) for name in file.files}
        layers = [_folded(arrays, "conv1", "conv1/kernel", stride=2)]
        for number, (_, stride) in enumerate(_BLOCKS, start=1):
            layers.append(
                _folded(
                    arrays, f"conv_dw_{number}", f"conv_dw_{number}/depthwise_kernel", stride, depthwise=True
                )
            )
            layers.append(_folded(arrays, f"conv_pw_{number}", f"conv_pw_{number}/kernel"))
        self.fine = nn.ModuleList(layers[:23])
        self.coarse = nn.ModuleList(layers[23:])
        self.requires_grad_(False)

    @torch.no_grad()
    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) RGB in 0..1, S a multiple of 32 -> (B, 512, S/16, S/16), (B, 1024, S/32, S/32)"""
        x = (pixels * 2 - 1).contiguous(memory_format=torch.channels_last)
        for layer in self.fine:
            x = F.relu6(layer(x))
        fine = x
        for layer in self.coarse:
            x = F.relu6(layer(x))
        return fine, x


def _folded(
    arrays: Mapping[str, Tensor], name: str, kernel: str, stride: int = 1, depthwise: bool = False
) -> nn.Conv2d:
    """A convolution with its batch norm folded in: w' = w g / sqrt(v + eps), b' = b - m g / sqrt(v + eps)."""
    gamma, beta, mean, variance = (
        arrays[f"{name}_bn/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / torch.sqrt(variance + _EPSILON)
    # TensorFlow stores (h, w, in, out), a depthwise kernel (h, w, channels, 1)
    weight = arrays[kernel].permute((2, 3, 0, 1) if depthwise else (3, 2, 0, 1)) * scale[:, None, None, None]
    groups = weight.shape[0] if depthwise else 1
    side = weight.shape[-1]
    layer = nn.Conv2d(weight.shape[1] * groups, weight.shape[0], side, stride, side // 2, groups=groups)
    layer.weight.data.copy_(weight)
    assert layer.bias is not None
    layer.bias.data.copy_(beta - mean * scale)
    return layer


class Distillation(nn.Module):
    """The teacher, the maps to its channels, and the loss at both of its levels and pooled."""

    def __init__(self, tower: PatchConvNet, weights: Path) -> None:
        super().__init__()
        self.teacher = MobileNetTeacher(weights)
        self.head = TeacherHead(tower.config.stage_channels[1:], self.teacher.channels)
        # a batch norm without parameters standardises the teacher's channels: the cosine weighs them alike
        self.standardize = nn.ModuleList(nn.BatchNorm2d(c, affine=False) for c in self.teacher.channels)

    def forward(self, maps: tuple[Tensor, Tensor], pixels: Tensor) -> Tensor:
        """The student's maps and the same pixels in 0..1 (B, 3, S, S) -> loss"""
        targets = [norm(t.float()) for norm, t in zip(self.standardize, self.teacher(pixels), strict=True)]
        loss = pixels.new_zeros(())
        for predicted, target in zip(self.head(maps), targets, strict=True):
            loss = loss + feature_distillation(predicted, target)
            pooled = [F.adaptive_avg_pool2d(part.float(), 1) for part in (predicted, target)]
            loss = loss + 0.5 * feature_distillation(*pooled)
        return loss


def distillation(weights: str | None, tower: nn.Module) -> Distillation | None:
    """The distillation into this image tower, None without a file of a teacher's weights.

    Raises:
        RunError: if the tower has no levels that a teacher's features could be compared with.
    """
    if weights is None:
        return None
    if not isinstance(tower, PatchConvNet):
        raise RunError("a teacher needs a PatchConvNet image tower: leave `teacher` out")
    return Distillation(tower, Path(weights))


def encode_with_teacher(
    model: STNetModel, processor: STNetProcessor, images: Tensor, distillation: Distillation | None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Pictures (B, S, S, 3) uint8 -> patch features H (B, P, D), and the loss "teacher" if there is one."""
    pixels = processor.image_batch(images)
    if distillation is None:
        return model.encode_image(pixels), {}
    tower = model.image_tower
    assert isinstance(tower, PatchConvNet)
    maps = tower.feature_maps(pixels)
    teacher = distillation(maps, images.permute(0, 3, 1, 2).float() / 255)
    tokens = tower.post_layernorm(tower.patch_tokens(*maps))
    return model.image_projection(tokens), {"teacher": teacher}
