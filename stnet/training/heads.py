"""Heads on top of the shared space. Only the box head serves search; the others train (paper, section 4)."""

import torch
from torch import Tensor, nn

BACKGROUND_WEIGHT = 0.3  # most patches show no object; naming those is easy


def class_weights(categories: int) -> Tensor:
    """What each class counts in the dense loss, "no object" (the last) less: (categories + 1,)"""
    weights = torch.ones(categories + 1)
    weights[-1] = BACKGROUND_WEIGHT
    return weights


class TrainingHeads(nn.Module):
    """What training adds to the model and the checkpoint leaves out.

    Attributes:
        classify: object classes (last one: no object) of h_S, of V and of single patches, one head for all
            three, so that a name learned from a drawing holds for a patch.
        reconstruct: from V back to the sketch (paper, L_SR), ink in logits.
        focus: scale and offset that turn attention logits into "this patch shows the drawn thing".
    """

    def __init__(self, dimension: int, categories: int, sketch_side: int = 32) -> None:
        super().__init__()
        self.sketch_side = sketch_side
        self.classify = nn.Linear(dimension, categories + 1)
        self.reconstruct = nn.Sequential(
            nn.Linear(dimension, 256), nn.GELU(), nn.Linear(256, sketch_side * sketch_side)
        )
        self.focus = nn.Parameter(torch.tensor([1.0, -2.0]))

    def reconstruction(self, localized: Tensor) -> Tensor:
        """V (B, D) -> ink logits (B, side, side)"""
        return self.reconstruct(localized).unflatten(-1, (self.sketch_side, self.sketch_side))


class TeacherHead(nn.Module):
    """Linear maps from the convolutional features to a frozen teacher's, level by level."""

    def __init__(self, channels: tuple[int, ...], teacher_channels: tuple[int, ...]) -> None:
        super().__init__()
        pairs = zip(channels, teacher_channels, strict=True)
        self.levels = nn.ModuleList(nn.Conv2d(own, theirs, kernel_size=1) for own, theirs in pairs)

    def forward(self, maps: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Maps (B, C, h, w) of every level -> predictions (B, C_teacher, h, w) of every level"""
        return tuple(level(m) for level, m in zip(self.levels, maps, strict=True))
