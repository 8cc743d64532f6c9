"""Heads on top of the shared space. Only the box head serves search; the others train (paper, section 4)."""

import torch
from torch import Tensor, nn


class BoxHead(nn.Module):
    """From a patch feature to the box of the thing that this patch belongs to.

    Distances from the patch's centre to the four sides, in units of the picture, kept positive by softplus.
    """

    def __init__(self, dimension: int, grid: tuple[int, int]) -> None:
        super().__init__()
        self.grid = grid
        self.layers = nn.Sequential(nn.Linear(dimension, 128), nn.GELU(), nn.Linear(128, 4))

    def centres(self, patches: int, device: torch.device) -> Tensor:
        """Centres x, y of the patches in 0..1, row by row: (P, 2)."""
        rows, columns = self.grid
        if patches != rows * columns:  # training begins with smaller pictures: a smaller square grid
            rows = columns = round(patches**0.5)
        y = (torch.arange(rows, device=device) + 0.5) / rows
        x = (torch.arange(columns, device=device) + 0.5) / columns
        return torch.stack([x.repeat(rows), y.repeat_interleave(columns)], dim=-1)

    def forward(self, patches: Tensor) -> Tensor:
        """(N, P, D) -> (N, P, 4) as x0, y0, x1, y1 in 0..1"""
        centres = self.centres(patches.shape[1], patches.device)
        # a bias of -2 starts every side about an eighth of the picture away
        sides = nn.functional.softplus(self.layers(patches).float() - 2.0)
        return torch.cat([centres - sides[..., :2], centres + sides[..., 2:]], dim=-1).clamp(0.0, 1.0)


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
