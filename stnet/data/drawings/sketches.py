"""Drawings as strokes and as pixels: varying them as hands do, and putting them on a canvas.

A drawing's pixels are (S, S) uint8 with ink high: 255 where a line is, 0 on the empty canvas.
"""

import math

import numpy as np
from PIL import Image

from stnet.strokes import CANVAS, PLAIN_WIDTH, Strokes, dilate, render_strokes, spread_right

MARGIN = 0.08
_MAXIMUM_TURN = math.radians(15)


def fit(strokes: Strokes, *, margin: float = MARGIN) -> Strokes:
    """The strokes in canvas units: 0..1, centred, the longer side filling all but ``margin`` on each side.

    Raises ValueError when there is no stroke with a point.
    """
    points, ends = _joined(strokes)
    return _split(_placed(points, 1.0 - 2.0 * margin, np.array([0.5, 0.5])), ends)


def vary(strokes: Strokes, rng: np.random.Generator, *, variation: float = 1.0) -> Strokes:
    """Another person's version of a drawing, in canvas units (0..1).

    Leaves out up to 30 % of the strokes (never the longest), wobbles and shifts them, stretches, mirrors,
    turns by up to 15 degrees, and places the drawing somewhere on the canvas. ``variation`` scales all of
    that; with 0 the result is ``fit(strokes)``. Raises ValueError when there is no stroke with a point.
    """
    points, ends = _joined(_without_some(strokes, rng, variation))
    size, centre = _placement(rng, variation)
    if variation > 0.0:
        points = _placed(points, 1.0, np.zeros(2))
        points = points + variation * _wobble(points, ends, rng)
        points = points @ _linear_map(rng, variation).T
    return _split(_placed(points, size, centre), ends)


def sketch_strokes(strokes: Strokes, rng: np.random.Generator, *, variation: float = 1.0) -> np.ndarray:
    """Vary strokes and draw them with a pen of varied width (1 to 6 pixels): (128, 128) uint8, ink high."""
    varied = vary(strokes, rng, variation=variation)
    return render_strokes(varied, width=PLAIN_WIDTH * _width_factor(rng, variation))


def vary_bitmap(ink: np.ndarray, rng: np.random.Generator, *, variation: float = 1.0) -> np.ndarray:
    """Another person's version of a drawing that exists only as pixels.

    ``ink`` is (128, 128) uint8, ink high. Stretches, mirrors, turns, places and thickens or thins it; with
    ``variation`` 0 it comes back as it is. Raises ValueError when there is no ink.
    """
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if rows.size == 0:
        raise ValueError("the drawing is empty: it has no ink")
    if variation <= 0.0:
        return ink
    size, centre = _placement(rng, variation)
    forward = _linear_map(rng, variation)
    half = np.array([columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1]) / 2.0
    middle = np.array([columns[0], rows[0]]) + half
    # The turned box of the ink: its longer side becomes `size` of the canvas.
    reach = np.abs(forward) @ half
    forward = forward * (size * CANVAS / (2.0 * reach.max()))
    shift = _inside(centre, np.abs(forward) @ half / CANVAS) * CANVAS
    moved = _resampled(ink, forward, middle, shift)
    return _rethickened(moved, _width_factor(rng, variation))


def _resampled(ink: np.ndarray, forward: np.ndarray, middle: np.ndarray, shift: np.ndarray) -> np.ndarray:
    inverse = np.linalg.inv(forward)
    offset = middle - inverse @ shift
    coefficients = (*inverse[0], offset[0], *inverse[1], offset[1])
    source = Image.fromarray(ink)
    if math.sqrt(abs(np.linalg.det(forward))) < 0.75:
        # Thin lines would fall between the samples of a much smaller copy.
        source = Image.fromarray(dilate(ink, 2))
    moved = source.transform(
        (CANVAS, CANVAS), Image.Transform.AFFINE, coefficients, resample=Image.Resampling.BILINEAR
    )
    pixels = np.asarray(moved)
    return pixels if pixels.max() >= 96 else ink


def _rethickened(ink: np.ndarray, factor: float) -> np.ndarray:
    if factor >= 1.3:
        return dilate(ink, 2 if factor < 1.9 else 3)
    if factor <= 0.75:
        thin = 255 - spread_right(255 - ink)
        if int(thin.sum()) * 2 > int(ink.sum()):  # a line one pixel wide would vanish
            return thin
    return ink


def _joined(strokes: Strokes) -> tuple[np.ndarray, np.ndarray]:
    filled = [stroke for stroke in strokes if len(stroke)]
    if not filled:
        raise ValueError("the drawing is empty: it has no stroke with a point")
    ends = np.cumsum([len(stroke) for stroke in filled])
    return np.concatenate(filled).astype(np.float32, copy=False), ends


def _split(points: np.ndarray, ends: np.ndarray) -> Strokes:
    return np.split(points.astype(np.float32, copy=False), ends[:-1])


def _placed(points: np.ndarray, size: float, centre: np.ndarray) -> np.ndarray:
    """Scale points so that their box's longer side is ``size``, around ``centre`` moved inside."""
    low, high = points.min(axis=0), points.max(axis=0)
    scale = size / max(float((high - low).max()), 1e-6)
    if size < 1.0:
        centre = _inside(centre, (high - low) * scale / 2.0)
    return (points - (low + high) / 2.0) * scale + centre


def _inside(centre: np.ndarray, half: np.ndarray) -> np.ndarray:
    reach = np.minimum(half + 0.02, 0.5)
    return np.clip(centre, reach, 1.0 - reach)


def _without_some(strokes: Strokes, rng: np.random.Generator, variation: float) -> Strokes:
    if variation <= 0.0 or len(strokes) < 3:
        return strokes
    lengths = np.array([float(np.abs(np.diff(stroke, axis=0)).sum()) for stroke in strokes])
    # Long strokes carry the shape: they are left out less often, the longest never.
    chance = 0.5 * variation * rng.random() * (1.0 - lengths / max(float(lengths.max()), 1e-6))
    left_out = np.flatnonzero(rng.random(len(strokes)) < chance)[: int(0.3 * len(strokes))]
    skipped = set(left_out.tolist())
    return [stroke for index, stroke in enumerate(strokes) if index not in skipped]


def _wobble(points: np.ndarray, ends: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Displacement of points in a box of side 1: a slow warp of the drawing and a shift of each stroke."""
    frequencies = rng.normal(0.0, 4.0, (3, 2))
    phases = rng.uniform(0.0, 2.0 * math.pi, 3)
    amplitudes = rng.normal(0.0, 0.016, (3, 2))
    tremble = rng.normal(0.0, 0.004, points.shape)
    waves = np.sin(points @ frequencies.T + phases)
    shifts = rng.normal(0.0, 0.012, (len(ends), 2))
    return waves @ amplitudes + tremble + np.repeat(shifts, np.diff(ends, prepend=0), axis=0)


def _linear_map(rng: np.random.Generator, variation: float) -> np.ndarray:
    """A 2 x 2 matrix: mirror (half the time), stretch one axis against the other, shear a little, turn."""
    mirror = -1.0 if rng.random() < 0.5 * min(variation, 1.0) else 1.0
    stretch = math.exp(variation * rng.normal(0.0, 0.12))
    turn = float(np.clip(variation * rng.normal(0.0, _MAXIMUM_TURN / 2.0), -_MAXIMUM_TURN, _MAXIMUM_TURN))
    shear = variation * rng.normal(0.0, 0.06)
    cosine, sine = math.cos(turn), math.sin(turn)
    rotation = np.array([[cosine, -sine], [sine, cosine]])
    return rotation @ np.array([[mirror * stretch, shear], [0.0, 1.0 / stretch]])


def _placement(rng: np.random.Generator, variation: float) -> tuple[float, np.ndarray]:
    """Longer side of the drawing (part of the canvas; most are large) and where its centre goes."""
    plain = 1.0 - 2.0 * MARGIN
    smaller = 0.45 * rng.random() ** 2
    size = float(np.clip(plain + variation * (0.1 * rng.random() - smaller), 0.25, 0.96))
    centre = 0.5 + variation * rng.normal(0.0, 0.12, 2)
    return size, centre


def _width_factor(rng: np.random.Generator, variation: float) -> float:
    """Width of the pen against the plain two pixels: 0.5 to 3."""
    return float(np.clip(math.exp(variation * rng.normal(0.1, 0.45)), 0.5, 3.0))
