"""Square blocks of a picture's pixels, and how often each grey occurs: what looks at whole sheets quickly."""

from functools import reduce

import numpy as np
from PIL import Image


def of_blocks(values: np.ndarray, side: int, combine: np.ufunc) -> np.ndarray:
    """Pixels (H, W), combined in blocks of side x side: (H / side, W / side), rounded up.

    The last blocks go on as the picture ends. For sums the values must be wide enough to hold them.
    """
    height, width = values.shape
    if height % side or width % side:
        values = np.pad(values, ((0, -height % side), (0, -width % side)), mode="edge")
    rows = reduce(combine, (values[start::side] for start in range(side)))
    combined: np.ndarray = reduce(combine, (rows[:, start::side] for start in range(side)))
    return combined


def middle_value(values: np.ndarray) -> int:
    """The median of (H, W) uint8, the lower one of two."""
    counts = np.cumsum(Image.fromarray(values).histogram())
    return int(np.searchsorted(counts, values.size / 2))


def strength_of(ink: np.ndarray, share: float) -> int:
    """What the strongest pixels of (H, W) uint8 ink reach; fewer than this share of all don't count."""
    counts = np.cumsum(Image.fromarray(ink).histogram()[::-1])
    return 255 - int(np.searchsorted(counts, max(1.0, share * ink.size)))
