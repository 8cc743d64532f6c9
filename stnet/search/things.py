"""Several things drawn apart on one paper: which lines belong together, and where each thing is."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from stnet.boxes import Box
from stnet.model.blocks import of_blocks
from stnet.model.connected import hanging_together, spread

MOST_THINGS = 4  # more than that are the lines of one thing that hang together loosely
_CELLS = 48  # along the paper's longer side
_INKED = 64  # of 255
_SMALLEST = 0.08  # of the ink: less is a part of what is nearest
_NEAR = 0.04  # of the paper's longer side: boxes as near hold parts of one thing


class Thing(NamedTuple):
    """One of the things on a paper.

    Attributes:
        ink: its lines alone, as `stnet.model.ink.ink_of` has them, on the whole paper.
        box: x0, y0, x1, y1 around its lines, in 0..1 of the paper.
        share: of the drawing's ink, 0..1.
    """

    ink: Image.Image
    box: Box
    share: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of its box: x, y in 0..1 of the paper."""
        x0, y0, x1, y1 = self.box
        return (x0 + x1) / 2, (y0 + y1) / 2


def things_of(ink: Image.Image) -> list[Thing]:
    """The things that are drawn apart, from left to right; the whole drawing if there is but one.

    Lines belong together if they touch or nearly do, or if the box of one lies over that of the other.

    Args:
        ink: of a drawing, not blank, as `stnet.model.ink.ink_of` has it.
    """
    values = np.asarray(ink)
    side = -(-max(values.shape) // _CELLS)
    counts = of_blocks((values >= _INKED).astype(np.int32), side, np.add)
    parts = _joined(_parts(counts > 0), counts)
    if not 1 < len(parts) <= MOST_THINGS:
        parts = [counts > 0]
    things = [_thing(values, part, side, counts[part].sum() / counts.sum()) for part in parts]
    return sorted(things, key=lambda thing: thing.centre)


def _parts(inked: np.ndarray) -> list[np.ndarray]:
    """Cells (H, W) bool that hang together over gaps of one cell, each part without the gaps."""
    near, parts = spread(inked), []
    left = inked.copy()
    while left.any():
        seed = np.zeros_like(left)
        seed.flat[left.argmax()] = True
        part = hanging_together(near, seed) & inked
        parts.append(part)
        left &= ~part
    return parts


def _joined(parts: list[np.ndarray], counts: np.ndarray) -> list[np.ndarray]:
    """Parts whose boxes nearly meet as one, and small ones with the nearest."""
    smallest = _SMALLEST * counts.sum()
    while len(parts) > 1:
        pairs = [(first, second) for second in range(len(parts)) for first in range(second)]
        gaps = [_gap(_box(parts[first]), _box(parts[second])) for first, second in pairs]
        small = [min(counts[parts[place]].sum() for place in pair) < smallest for pair in pairs]
        joins = [gap - counts.size * is_small for gap, is_small in zip(gaps, small, strict=True)]
        nearest = int(np.argmin(joins))
        if gaps[nearest] > _NEAR * max(counts.shape) and not small[nearest]:
            break
        first, second = pairs[nearest]
        parts[first] = parts[first] | parts[second]
        del parts[second]
    return parts


def _box(part: np.ndarray) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 in cells, the last ones outside."""
    rows, columns = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _gap(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """Cells between two boxes, along the axis where they are farther apart; 0 if they overlap."""
    return max(0, *(max(one[axis], other[axis]) - min(one[axis + 2], other[axis + 2]) for axis in (0, 1)))


def _thing(values: np.ndarray, part: np.ndarray, side: int, share: float) -> Thing:
    # soft edges may reach into the cells around
    mask = spread(part).repeat(side, axis=0).repeat(side, axis=1)[: values.shape[0], : values.shape[1]]
    x0, y0, x1, y1 = _box(part)
    rows, columns = part.shape
    box = (x0 / columns, y0 / rows, x1 / columns, y1 / rows)
    return Thing(Image.fromarray(np.where(mask, values, 0).astype(np.uint8)), box, float(share))
