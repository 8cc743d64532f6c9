"""Ruled and squared paper: thin straight lines that repeat from one edge of the picture to the other."""

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
    upright = _erased(level.T, faintest, thickest).T
    return np.ascontiguousarray(upright) if upright is not ink else ink


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
    covered = np.asarray(shares) >= _COVERED * 255
    if (covered.sum(axis=0) >= _FEWEST).mean() < _LINE:
        return None
    drops = max(_all_drops(width), key=lambda drops: _distinctness(covered, drops))
    lines = _thin(_together(covered, drops) >= _LINE, thickest)
    return (lines, drops, bounds) if len(lines) >= _FEWEST else None


def _all_drops(width: int) -> list[np.ndarray]:
    """For each slope how many pixels lower a line is in each strip than in the first; level ones come first."""
    steepest = round(_STEEPEST * width)
    slopes = sorted(range(-steepest, steepest + 1), key=abs)
    return [np.round(slope * np.arange(_STRIPS) / _STRIPS).astype(int) for slope in slopes]


def _together(covered: np.ndarray, drops: np.ndarray) -> np.ndarray:
    """For each row, counted in the first strip, in what share of the strips it is covered: (H,)."""
    moved = [np.roll(covered[:, strip], -drop) for strip, drop in enumerate(drops)]
    return np.mean(moved, axis=0)


def _distinctness(covered: np.ndarray, drops: np.ndarray) -> float:
    return float((_together(covered, drops) ** 3).sum())


def _thin(rows: np.ndarray, thickest: int) -> list[tuple[int, int]]:
    """First and last of each run of rows that is no thicker than a line."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    pairs = zip(ends[::2].tolist(), (ends[1::2] - 1).tolist(), strict=True)
    return [(first, last) for first, last in pairs if last - first <= thickest + 1]


def _bridge(strip: np.ndarray, above: int, below: int) -> None:
    """Rows between two others become what both of these have in common."""
    if above < 0 or below >= len(strip):
        strip[max(0, above + 1) : max(0, below)] = 0
        return
    strip[above + 1 : below] = np.minimum(strip[above], strip[below])
