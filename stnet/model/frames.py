"""Dark frames and bars along a picture's edges: what a scanner or a screenshot leaves around a sheet."""

from collections.abc import Mapping

import numpy as np

from stnet.model.specks import pen_width

_INKED = 128  # of 255
_COVERED = 0.95  # of a side
_DEEPEST = 0.25  # of the picture: what is wider is no frame


def without_frame(ink: np.ndarray) -> np.ndarray:
    """The ink (H, W) uint8, ink high, without bars along whole sides; the same array if there are none.

    A line as wide as the pen, whole or cut in half by the edge, was drawn there by hand and stays.
    """
    depths = {turns: _depth(np.rot90(ink, turns)) for turns in range(4)}
    bars = {turns: depth for turns, depth in depths.items() if depth is not None}
    if not bars:
        return ink
    pen = pen_width(_erased(ink, bars))
    erased = _erased(ink, {turns: depth for turns, depth in bars.items() if not _is_drawn(depth, pen)})
    return erased if (erased >= _INKED).any() else ink


def _erased(ink: np.ndarray, bars: Mapping[int, np.ndarray]) -> np.ndarray:
    """The ink without these bars, each (W,) pixels deep, by how often the ink is turned to have it on top."""
    erased = ink.copy()
    for turns, depth in bars.items():
        _erase(np.rot90(erased, turns), depth)
    return erased


def _depth(side: np.ndarray) -> np.ndarray | None:
    """How deep the ink reaches from the first row, (W,) in pixels; None if it is no bar."""
    first = side[0] >= _INKED
    if first.mean() < _COVERED:
        return None
    inked = side[: max(1, round(side.shape[0] * _DEEPEST))] >= _INKED
    depth = np.where(inked.all(axis=0), len(inked), inked.argmin(axis=0))
    return depth if np.median(depth) < len(inked) else None


def _is_drawn(depth: np.ndarray, pen: float) -> bool:
    usual = float(np.median(depth))
    even = np.percentile(depth, 75) - np.percentile(depth, 25) <= 1
    half = abs(usual - pen / 2) <= max(1.0, 0.15 * pen)
    return usual <= 1.2 * pen and (half or not even)


def _erase(side: np.ndarray, depth: np.ndarray) -> None:
    """Down to the bar's end in each column, with its soft edge; no deeper where a line ends in it."""
    usual = np.median(depth)
    ends = np.where(depth > 2 * usual + 2, usual, depth) + 2
    rows = int(ends.max())
    side[:rows][np.arange(rows)[:, None] < ends] = 0
