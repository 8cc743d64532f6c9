"""Ruled and squared paper: thin straight lines that repeat from one edge of the picture to the other."""

import itertools

import numpy as np
from PIL import Image

_STRIPS = 32  # a line is followed from strip to strip, so that it may run aslant
_COVERED = 0.6  # of a strip's width
_LINE = 0.8  # of the strips
_FEWEST = 3  # lines
_THICKEST = 0.01  # of the longer side; the page's pen is wider
_STEEPEST = 0.06  # pixels down for each to the right: about 3.5 degrees


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
    found = _lines(ink, faintest, thickest)
    if found is None:
        return ink
    lines, drops, bounds = found
    erased = ink.copy()
    for start, end, drop in zip(bounds[:-1], bounds[1:], drops, strict=True):
        for first, last in lines:
            _bridge(erased[:, start:end], first + drop - 2, last + drop + 2)
    return erased


def _lines(
    ink: np.ndarray, faintest: int, thickest: int
) -> tuple[list[tuple[int, int]], np.ndarray, np.ndarray] | None:
    """First and last row of each line in the first strip, how far it drops in each strip, and the strips."""
    height, width = ink.shape
    if width < 4 * _STRIPS or height < 4 * _STRIPS:
        return None
    bounds = np.linspace(0, width, _STRIPS + 1).astype(int)
    inked = ink >= faintest
    inked[1:] |= inked[:-1]  # a line that runs aslant within a strip
    shares = Image.fromarray(inked.view(np.uint8) * np.uint8(255)).resize(
        (_STRIPS, height), Image.Resampling.BOX
    )
    covered = _without_thick(np.asarray(shares) >= _COVERED * 255, thickest + 2)
    if (covered.sum(axis=0) >= _FEWEST).mean() < _LINE:
        return None
    cells = np.nonzero(covered)
    drops = max(_all_drops(width), key=lambda drops: _distinctness(cells, drops, height))
    lines = _thin(_together(cells, drops, height) >= _LINE, thickest)
    return (_completed(lines), drops, bounds) if len(lines) >= _FEWEST else None


def _without_thick(covered: np.ndarray, thickest: int) -> np.ndarray:
    """What of (H, strips) bool is no part of a run of more than `thickest` rows."""
    runs = np.lib.stride_tricks.sliding_window_view(covered, thickest + 1, axis=0).all(axis=-1)
    thick = np.zeros_like(covered)
    for start in range(thickest + 1):
        thick[start : start + len(runs)] |= runs
    return covered & ~thick


def _all_drops(width: int) -> list[np.ndarray]:
    """For each slope how many pixels lower a line is in each strip than in the first; level first."""
    steepest = round(_STEEPEST * width)
    slopes = range(-(steepest // 2) * 2, steepest + 1, 2)
    return [np.round(slope * np.arange(_STRIPS) / _STRIPS).astype(int) for slope in sorted(slopes, key=abs)]


def _together(cells: tuple[np.ndarray, ...], drops: np.ndarray, height: int) -> np.ndarray:
    """For each row, counted in the first strip, in what share of the strips it is covered: (H,)."""
    rows = cells[0] - drops[cells[1]]
    return np.bincount(rows[(rows >= 0) & (rows < height)], minlength=height) / _STRIPS


def _distinctness(cells: tuple[np.ndarray, ...], drops: np.ndarray, height: int) -> float:
    return float((_together(cells, drops, height) ** 3).sum())


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


def _bridge(strip: np.ndarray, above: int, below: int) -> None:
    """Rows between two others become what both of these have in common."""
    if above < 0 or below >= len(strip):
        strip[max(0, above + 1) : max(0, below)] = 0
        return
    strip[above + 1 : below] = np.minimum(strip[above], strip[below])
