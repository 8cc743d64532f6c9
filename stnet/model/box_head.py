"""From a patch feature to the box of the thing it shows (paper, section 4, detection)."""

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
