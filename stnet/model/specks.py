"""Specks: dirt and single pixels far from the drawing, which would make its box too large."""

import numpy as np

from stnet.model.blocks import of_blocks
from stnet.model.connected import hanging_together

_CELLS = 48  # along the longer side: what lies in neighbouring cells hangs together
_INKED = 64  # of 255
_NEAR = 0.03  # of the longer side: as near to the drawing's box a dot belongs to it


def pen_width(ink: np.ndarray) -> float:
    """The usual width in pixels of the lines of (H, W) uint8 ink: twice their area by their outline."""
    inked = ink >= _INKED
    crossings = np.count_nonzero(inked[1:] != inked[:-1]) + np.count_nonzero(inked[:, 1:] != inked[:, :-1])
    # Crofton: lines in all directions cross a grid 4 / pi times as often as they are long
    return 2 * np.count_nonzero(inked) / max(1.0, crossings * np.pi / 4)


def without_specks(ink: np.ndarray, share: float) -> np.ndarray:
    """The ink (H, W) uint8, ink high, without specks; the same array if there are none.

    Args:
        share: what is smaller than this share of a square as wide as the pen is a speck.
    """
    side = -(-max(ink.shape) // _CELLS)
    inked = ink >= _INKED
    counts = of_blocks(inked.astype(np.int16), side, np.add)
    smallest = share * pen_width(ink) ** 2
    lonely = (counts > 0) & (_sums_around(counts) < smallest)
    if not lonely.any():
        return ink
    specks = lonely & ~hanging_together(counts > 0, counts >= smallest)
    if specks.sum() == (counts > 0).sum():
        return ink
    specks &= ~_box_of((counts > 0) & ~specks, max(1, round(_NEAR * _CELLS)))
    whole = specks.repeat(side, axis=0).repeat(side, axis=1)[: ink.shape[0], : ink.shape[1]]
    return np.where(whole, 0, ink).astype(np.uint8)


def _sums_around(counts: np.ndarray) -> np.ndarray:
    """The sum of each cell and its eight neighbours."""
    padded = np.pad(counts.astype(np.int32), 1)
    tall = padded[:-2] + padded[1:-1] + padded[2:]
    sums: np.ndarray = tall[:, :-2] + tall[:, 1:-1] + tall[:, 2:]
    return sums


def _box_of(cells: np.ndarray, margin: int) -> np.ndarray:
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    box = np.zeros_like(cells)
    box[
        max(0, rows[0] - margin) : rows[-1] + 1 + margin,
        max(0, columns[0] - margin) : columns[-1] + 1 + margin,
    ] = True
    return box
