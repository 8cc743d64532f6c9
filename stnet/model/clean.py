"""Clean drawings: solid strokes with soft edges on paper of one colour, as a page's pen leaves them."""

import numpy as np

from stnet.model.connected import spread

_SOLID = 240  # of 255: what a pen that covers the whole pixel leaves
_EDGE = 3  # pixels: a soft edge reaches no farther from the solid stroke, not even when a drawing is reduced


def is_clean(ink: np.ndarray) -> bool:
    """Whether the ink (H, W) uint8, ink high, is nothing but solid strokes, their soft edges and empty paper.

    Noise, shade and grey ruling are far from anything solid; dirt is a single pixel, which no pen leaves.
    """
    inked = ink > 0
    if 2 * np.count_nonzero(inked) > ink.size:
        return False
    stroke = _in_pairs(ink >= _SOLID)
    for _ in range(_EDGE):
        stroke = spread(stroke)
    return not (inked & ~stroke).any()


def _in_pairs(solid: np.ndarray) -> np.ndarray:
    """The upper or left one of each two solid pixels beside each other."""
    first = np.zeros_like(solid)
    first[:-1] = solid[:-1] & solid[1:]
    first[:, :-1] |= solid[:, :-1] & solid[:, 1:]
    return first
