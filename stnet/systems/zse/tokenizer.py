"""From a drawing's pixels, or a picture's frozen maps, to tokens on a grid."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PATCH = 16  # side of a patch, in pixels
CHANNELS = (16, 32, 64)  # of the convolutions before the last


class DrawingTokenizer(nn.Module):
    """Patches plus what four convolutions see around them, the document's X + S'.

    The convolutions halve the drawing four times, so that both parts share one grid: token (row, column) is
    about the patch at (row, column). As in the document a ReLU follows each; their sizes are ours.
    """

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.patches = nn.Conv2d(channels, width, PATCH, stride=PATCH)
        layers: list[nn.Module] = []
        before = channels
        for after in (*CHANNELS, width):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.ReLU()]
            before = after
        self.around = nn.Sequential(*layers)

    def forward(self, values: Tensor) -> Tensor:
        """(B, C, s, s), s a multiple of 16 -> (B, (s / 16)^2, width), row by row"""
        tokens: Tensor = self.patches(values) + self.around(values)
        return tokens.flatten(2).transpose(1, 2)


class PictureTokenizer(nn.Module):
    """The same of frozen maps instead of pixels: each patch's own features, plus convolutions over the grid.

    Ours: the document tokenizes pictures as it does drawings and trains all of it; here pictures are seen by
    the frozen network that all systems share.
    """

    def __init__(self, fine: int, coarse: int, width: int) -> None:
        super().__init__()
        self.patches = nn.Conv2d(fine + coarse, width, 1)
        self.around = nn.Sequential(
            nn.Conv2d(fine + coarse, width, 1),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
            nn.ReLU(),
        )

    def forward(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """Maps (B, C16, h, w) and (B, C32, h / 2, w / 2) -> (B, h w, width), row by row"""
        wide = F.interpolate(coarse, size=fine.shape[-2:], mode="nearest")
        maps = torch.cat([fine, wide], dim=1)
        tokens: Tensor = self.patches(maps) + self.around(maps)
        return tokens.flatten(2).transpose(1, 2)
