"""The reconstruction of STNET's authors: convolutions draw the sketch anew from V, judged by BCE and DICE.

As their slides have it: eight blocks of convolution, batch norm and ReLU. Sizes and upsampling are ours: they
aren't given.
"""

import torch.nn.functional as F
from torch import Tensor, nn

CHANNELS = (64, 64, 48, 32, 24, 16, 16, 8)  # of the eight blocks
DOUBLED = (1, 3, 5)  # the blocks before which the map's side doubles
FIRST = 4  # side of the first map, in pixels; the last is 8 times that


class ConvolutionalDecoder(nn.Module):
    """V (B, D) -> ink logits (B, 32, 32)"""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.spread = nn.Linear(dimension, CHANNELS[0] * FIRST**2)
        layers: list[nn.Module] = []
        before = CHANNELS[0]
        for number, channels in enumerate(CHANNELS):
            if number in DOUBLED:
                layers.append(nn.Upsample(scale_factor=2))
            layers += [nn.Conv2d(before, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU()]
            before = channels
        self.blocks = nn.Sequential(*layers)
        self.ink = nn.Conv2d(before, 1, 1)

    def forward(self, localized: Tensor) -> Tensor:
        """V (B, D) -> ink logits (B, 32, 32)"""
        first = self.spread(localized).unflatten(-1, (CHANNELS[0], FIRST, FIRST))
        logits: Tensor = self.ink(self.blocks(first))[:, 0]
        return logits


def dice(logits: Tensor, ink: Tensor) -> Tensor:
    """1 - 2 |p y| / (|p| + |y|), the mean over drawings; p = sigmoid(logits), both (B, s, s), ink in 0..1.

    One is added above and below: a drawing without ink that is redrawn as nothing loses nothing.
    """
    drawn = logits.sigmoid().flatten(1)
    wanted = ink.flatten(1)
    both = (drawn * wanted).sum(1)
    return (1 - (2 * both + 1) / (drawn.sum(1) + wanted.sum(1) + 1)).mean()


def redrawing(logits: Tensor, ink: Tensor) -> Tensor:
    """BCE + DICE. (B, s, s), (B, s, s) in 0..1 -> scalar"""
    return F.binary_cross_entropy_with_logits(logits, ink) + dice(logits, ink)
