"""Ruled and squared paper: thin lines, level or upright, that go from edge to edge and repeat."""

import itertools

import numpy as np
from PIL import Image

_STRIPS = 32  # a line is there in most of them, whatever a stroke hides
_COVERED = 0.6  # of a strip's width
_LINE = 0.8  # of the strips
_FEWEST = 3  # lines
_THICKEST = 0.01  # of the longer side; the page's pen is wider


def without_ruling(ink: np.ndarray, faintest: int) -> np.ndarray:
    """The ink (H, W) uint8, ink high, without ruling in either direction; the same array if there is none.

    Where a line crosses a stroke, the stroke goes on as it is on both sides of the line.

    Args:
        faintest: of 255; what is less is noise.
    """
    thickest = max(2, round(max(ink.shape) * _THICKEST))
    level = _erased(ink, faintest, thickest)
    turned = level.T
    upright = _erased(turned, faintest, thickest)
    return level if upright is turned else np.ascontiguousarray(upright.T)


def _erased(ink: np.ndarray, faintest: int, thickest: int) -> np.ndarray:
    lines = _lines(ink, faintest, thickest)
    if not lines:
        return ink
    erased = ink.copy()
    for first, last in lines:
        _bridge(erased, first - 2, last + 2)
    return erased


def _lines(ink: np.ndarray, faintest: int, thickest: int) -> list[tuple[int, int]]:
    """First and last row of each line; none if they are too few."""
    height, width = ink.shape
    if min(height, width) < 4 * _STRIPS:
        return []
    shares = Image.fromarray((ink >= faintest).view(np.uint8) * np.uint8(255)).resize(
        (_STRIPS, height), Image.Resampling.BOX
    )
    covered = _without_thick(np.asarray(shares) >= _COVERED * 255, thickest + 2)
    lines = _thin(covered.mean(axis=1) >= _LINE, thickest)
    return _completed(lines) if len(lines) >= _FEWEST else []


def _without_thick(covered: np.ndarray, thickest: int) -> np.ndarray:
    """What of (H, strips) bool is no part of a run of more than `thickest` rows."""
    windows = np.lib.stride_tricks.sliding_window_view(covered, thickest + 1, axis=0)
    runs: np.ndarray = np.logical_and.reduce(windows, axis=-1)
    thick = np.zeros_like(covered)
    for start in range(thickest + 1):
        thick[start : start + len(runs)] |= runs
    return covered & ~thick


def _thin(rows: np.ndarray, thickest: int) -> list[tuple[int, int]]:
    """First and last of each run of rows that is no thicker than a line."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    pairs = zip(ends[::2].tolist(), (ends[1::2] - 1).tolist(), strict=True)
    return [(first, last) for first, last in pairs if last - first <= thickest + 1]


def _completed(lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lines with those that a stroke along them hides, where the others keep one distance."""
    distance = float(np.median(np.diff([first for first, _ in lines])))
    hidden = []
    for (first, last), (following, _) in itertools.pairwise(lines):
        steps = round((following - first) / distance)
        hidden += [
            (first + (following - first) * step // steps, last + (following - first) * step // steps)
            for step in range(1, steps)
        ]
    return sorted(lines + hidden)


def _bridge(ink: np.ndarray, above: int, below: int) -> None:
    """Rows between two others become what both of these have in common."""
    if above < 0 or below >= len(ink):
        ink[max(0, above + 1) : max(0, below)] = 0
        return
    ink[above + 1 : below] = np.minimum(ink[above], ink[below])
