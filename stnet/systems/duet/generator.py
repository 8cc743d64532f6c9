"""Duet's reconstruction: convolutions make the picture anew from what the text transformer says.

There a UNet makes pixels. Ours is small and makes the picture's frozen map at stride 16, in the place of
pixels: the shared pool keeps pictures as such maps, which are low in resolution as they come.
"""

import torch.nn.functional as F
from torch import Tensor, nn

FIRST, SECOND = 32, 64  # channels before and after the map's side doubles


class MapGenerator(nn.Module):
    """Vectors (B, d) -> maps (B, channels, side, side), the side even."""

    def __init__(self, width: int, channels: int, side: int) -> None:
        """Raises ValueError if the side is odd."""
        if side % 2:
            raise ValueError(f"the side of the maps must be even, got {side}")
        super().__init__()
        self.first_side = side // 2
        self.spread = nn.Linear(width, FIRST * self.first_side**2)
        self.blocks = nn.Sequential(
            *(nn.ReLU(), nn.Upsample(scale_factor=2)),
            *(nn.Conv2d(FIRST, SECOND, 3, padding=1), nn.ReLU(), nn.Conv2d(SECOND, channels, 1)),
        )

    def forward(self, vectors: Tensor) -> Tensor:
        """(B, d) -> (B, channels, side, side)"""
        first = self.spread(vectors).unflatten(-1, (FIRST, self.first_side, self.first_side))
        maps: Tensor = self.blocks(first)
        return maps


def reconstruction(made: Tensor, wanted: Tensor) -> Tensor:
    """L2: the mean square between what was made and frozen maps, both (B, C, h, w).

    The wanted map is brought to mean 0 and variance 1 over its channels, cell by cell: a few channels of a
    frozen network are tens of times as large as others.
    """
    cells = wanted.transpose(1, -1)
    even = F.layer_norm(cells, cells.shape[-1:]).transpose(1, -1)
    return F.mse_loss(made, even)
