"""Specks: dirt and single pixels far from the drawing, which would make its box too large."""

import numpy as np

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
    counts = _counts(inked, side)
    specks = _specks(counts, share * pen_width(ink) ** 2)
    if not specks.any() or specks.sum() == (counts > 0).sum():
        return ink
    specks &= ~_box_of((counts > 0) & ~specks, max(1, round(_NEAR * _CELLS)))
    if not specks.any():
        return ink
    whole = specks.repeat(side, axis=0).repeat(side, axis=1)[: ink.shape[0], : ink.shape[1]]
    return np.where(whole, 0, ink).astype(np.uint8)


def _counts(inked: np.ndarray, side: int) -> np.ndarray:
    starts = [np.arange(0, length, side) for length in inked.shape]
    by_rows = np.add.reduceat(inked, starts[0], axis=0, dtype=np.int32)
    return np.add.reduceat(by_rows, starts[1], axis=1, dtype=np.int32)


def _specks(counts: np.ndarray, smallest: float) -> np.ndarray:
    """Cells of pieces with less ink than `smallest` pixels: what hangs together with a full cell is none."""
    cells = counts > 0
    rest = cells & ~hanging_together(cells, counts >= smallest)
    specks = np.zeros_like(cells)
    for row, column in np.argwhere(rest):
        around = (slice(max(0, row - 1), row + 2), slice(max(0, column - 1), column + 2))
        specks[row, column] = counts[around].sum() < smallest
    return specks


def _box_of(cells: np.ndarray, margin: int) -> np.ndarray:
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    box = np.zeros_like(cells)
    box[
        max(0, rows[0] - margin) : rows[-1] + 1 + margin,
        max(0, columns[0] - margin) : columns[-1] + 1 + margin,
    ] = True
    return box
