"""A line drawing from a cut-out: its outline and its strongest inner edges, as a few long strokes."""

import math
from itertools import pairwise

import numpy as np
from PIL import Image, ImageFilter

from stnet.data.objects import CutOut
from stnet.strokes import Strokes

_SIDE = 100  # side of a square with the area of the picture that is traced, pixels
_LONGEST = 176  # its longer side at most
_BORDER = 6
_TOLERANCE = 0.9  # how far a simplified stroke may leave the traced line, pixels
_SHORTEST_OUTLINE = 36.0  # pixels around
_SHORTEST_EDGE = 9.0
_MOST_EDGES = 18
_EDGE_BUDGET = 1.5  # inner edges together, as a multiple of the outline's length
_STRONG_SHARE, _WEAK_SHARE = 0.07, 0.15  # of the inner pixels: where an edge may start, where it may go on
_FAINTEST = 0.045  # colour change per pixel (0..1 a channel) below which nothing counts as an edge
_SMOOTHING = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
_NEIGHBOURS = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
Pixel = tuple[int, int]


def trace(cut_out: CutOut) -> Strokes:
    """Outline and inner edges of a cut-out as strokes, in pixels of a copy of about 100 x 100.

    The same cut-out gives the same strokes. About ten milliseconds each: callers keep the result.
    """
    colour, alpha = _prepared(cut_out.pixels)
    outlines = [line for line in _outlines(alpha > 0.5) if _length(line) >= _SHORTEST_OUTLINE]
    if not outlines:
        outlines = sorted(_outlines(alpha > 0.5 * alpha.max()), key=_length)[-1:]
    budget = _EDGE_BUDGET * sum(_length(line) for line in outlines)
    edges = _inner_edges(colour, alpha, budget)
    strokes = [piece for line in outlines for piece in _pieces(simplify(_smoothed_ring(line), _TOLERANCE))]
    strokes += [simplify(_smoothed(line), _TOLERANCE) for line in edges]
    return [stroke.astype(np.float32) for stroke in strokes]


def _prepared(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Colour (H, W, 3) and alpha (H, W) in 0..1, resized, lightly blurred, with an empty border around."""
    height, width = pixels.shape[:2]
    scale = min(_SIDE / math.sqrt(height * width), _LONGEST / max(height, width))
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    resized = Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)
    canvas = Image.new("RGBA", (size[0] + 2 * _BORDER, size[1] + 2 * _BORDER), (0, 0, 0, 0))
    canvas.paste(resized, (_BORDER, _BORDER))
    premultiplied = np.asarray(canvas).astype(np.float32) / 255.0
    premultiplied[..., :3] *= premultiplied[..., 3:]
    blurred = _blurred(premultiplied, 1.3)
    colour = blurred[..., :3] / np.maximum(blurred[..., 3:], 1e-3)
    return colour, _blurred(premultiplied[..., 3:], 0.8)[..., 0]


def _blurred(channels: np.ndarray, radius: float) -> np.ndarray:
    levels = (np.clip(channels, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    planes = [
        Image.fromarray(plane).filter(ImageFilter.GaussianBlur(radius))
        for plane in np.moveaxis(levels, -1, 0)
    ]
    return np.stack([np.asarray(plane) for plane in planes], axis=-1).astype(np.float32) / 255.0


def _outlines(inside: np.ndarray) -> list[np.ndarray]:
    """Closed lines along the cracks between inside and outside pixels, each (N, 2) x, y."""
    padded = np.pad(inside, 1)
    following: dict[Pixel, list[Pixel]] = {}
    # Directed so that the inside is always on the right hand: every crack is walked once.
    for (down, across), start, end in (
        ((-1, 0), (0, 0), (1, 0)),
        ((0, 1), (1, 0), (1, 1)),
        ((1, 0), (1, 1), (0, 1)),
        ((0, -1), (0, 1), (0, 0)),
    ):
        border = padded & ~np.roll(padded, (-down, -across), axis=(0, 1))
        for y, x in np.argwhere(border).tolist():
            following.setdefault((x + start[0], y + start[1]), []).append((x + end[0], y + end[1]))
    lines = []
    while following:
        lines.append(np.array(_walk_ring(following), np.float32) - 1.0)
    return lines


def _walk_ring(following: dict[Pixel, list[Pixel]]) -> list[Pixel]:
    first = next(iter(following))
    ring = [first]
    while True:
        ends = following[ring[-1]]
        end = ends.pop()
        if not ends:
            del following[ring[-1]]
        if end == first:
            return ring
        ring.append(end)


def _inner_edges(colour: np.ndarray, alpha: np.ndarray, budget: float) -> list[np.ndarray]:
    """The strongest long edges well inside the outline, at most ``budget`` pixels of line together."""
    strength, direction = _gradient(colour)
    # The shading along the outline is no line that a person draws: keep clear of it.
    inside = _blurred(alpha[..., None], 3.0)[..., 0] > 0.93
    if inside.sum() < 30:
        return []
    ridge = np.where(inside, _thinned(strength, direction), 0.0)
    strong = max(float(np.quantile(strength[inside], 1.0 - _STRONG_SHARE)), _FAINTEST)
    weak = max(float(np.quantile(strength[inside], 1.0 - _WEAK_SHARE)), 0.6 * _FAINTEST)
    lines = [line for line in _linked(ridge > weak) if _reaches(line, ridge, strong)]
    lines.sort(key=lambda line: _length(line) * float(np.sqrt(_mean_strength(line, ridge))), reverse=True)
    chosen: list[np.ndarray] = []
    for line in lines[:_MOST_EDGES]:
        budget -= _length(line)
        if budget < 0.0:
            break
        chosen.append(line)
    return chosen


def _reaches(line: np.ndarray, ridge: np.ndarray, strong: float) -> bool:
    columns, rows = line.astype(int).T
    return _length(line) >= _SHORTEST_EDGE and bool((ridge[rows, columns] >= strong).any())


def _mean_strength(line: np.ndarray, ridge: np.ndarray) -> float:
    columns, rows = line.astype(int).T
    return float(ridge[rows, columns].mean())


def _gradient(colour: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Largest change of a channel per pixel, (H, W), and its (H, W, 2) unit direction x, y."""
    down = np.gradient(colour, axis=0)
    across = np.gradient(colour, axis=1)
    size = np.hypot(down, across)
    channel = size.argmax(axis=-1)[..., None]
    strength = np.take_along_axis(size, channel, -1)[..., 0]
    vector = np.concatenate(
        [np.take_along_axis(across, channel, -1), np.take_along_axis(down, channel, -1)], -1
    )
    return strength, vector / np.maximum(strength[..., None], 1e-6)


def _thinned(strength: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Keep a pixel's strength only where it is the largest along the gradient's direction."""
    octant = np.round(np.arctan2(direction[..., 1], direction[..., 0]) / (np.pi / 4)).astype(int) % 4
    ridge = np.zeros_like(strength)
    for turn, (down, across) in enumerate(((0, 1), (1, 1), (1, 0), (1, -1))):
        ahead = np.roll(strength, (-down, -across), axis=(0, 1))
        behind = np.roll(strength, (down, across), axis=(0, 1))
        peak = (octant == turn) & (strength >= ahead) & (strength > behind)
        ridge[peak] = strength[peak]
    return ridge


def _linked(pixels: np.ndarray) -> list[np.ndarray]:
    """Follow thin lines of pixels into polylines, going straight on at crossings; each (N, 2) x, y."""
    free = {(y, x) for y, x in np.argwhere(pixels).tolist()}
    ordered = sorted(free, key=lambda pixel: (len(_around(pixel, free)) != 1, pixel))
    lines = []
    for start in ordered:
        if start in free:
            free.discard(start)
            ahead = _followed(start, free)
            back = _followed(start, free)
            line = [*back[::-1], start, *ahead]
            if len(line) > 3:
                lines.append(np.array([(x, y) for y, x in line], np.float32))
    return lines


def _followed(start: Pixel, free: set[Pixel]) -> list[Pixel]:
    line: list[Pixel] = []
    here, heading = start, (0.0, 0.0)
    while True:
        choices = _around(here, free)
        if not choices:
            return line
        ahead = max(choices, key=lambda pixel: _agreement(here, pixel, heading))
        if line and _agreement(here, ahead, heading) < -0.2:
            return line
        step = (ahead[0] - here[0], ahead[1] - here[1])
        heading = (0.7 * heading[0] + 0.3 * step[0], 0.7 * heading[1] + 0.3 * step[1])
        free.discard(ahead)
        line.append(ahead)
        here = ahead


def _around(pixel: Pixel, free: set[Pixel]) -> list[Pixel]:
    y, x = pixel
    return [(y + down, x + across) for down, across in _NEIGHBOURS if (y + down, x + across) in free]


def _agreement(here: Pixel, ahead: Pixel, heading: tuple[float, float]) -> float:
    return (ahead[0] - here[0]) * heading[0] + (ahead[1] - here[1]) * heading[1]


def _length(line: np.ndarray) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _smoothed(line: np.ndarray) -> np.ndarray:
    """Average each point with its neighbours; the ends stay where they are."""
    padded = np.concatenate([np.repeat(line[:1], 2, axis=0), line, np.repeat(line[-1:], 2, axis=0)])
    smooth = np.tensordot(_SMOOTHING, [padded[step : step + len(line)] for step in range(5)], axes=1)
    smooth[0], smooth[-1] = line[0], line[-1]
    return smooth


def _smoothed_ring(ring: np.ndarray) -> np.ndarray:
    """The same for a closed line, whose first point is repeated at the end of the result."""
    smooth = np.tensordot(_SMOOTHING, [np.roll(ring, step - 2, axis=0) for step in range(5)], axes=1)
    return np.concatenate([smooth, smooth[:1]])


def _pieces(ring: np.ndarray) -> Strokes:
    """Lift the pen at the sharpest corners of a closed line: one to four strokes of some length."""
    steps = np.diff(ring, axis=0)
    lengths = np.hypot(*steps.T)
    if len(steps) < 6:
        return [ring]
    angles = np.arctan2(steps[:, 1], steps[:, 0])
    turns = np.abs((np.diff(angles, prepend=angles[-1]) + np.pi) % (2 * np.pi) - np.pi)
    along = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    whole = float(lengths.sum())
    corners: list[int] = []
    for corner in np.argsort(-turns, kind="stable")[:12].tolist():
        gaps = [abs(along[corner] - along[other]) for other in corners]
        far = all(min(gap, whole - gap) > whole / 6.0 for gap in gaps)
        if far and turns[corner] > 0.9 and len(corners) < 4:
            corners.append(corner)
    if len(corners) < 2:
        return [ring]
    corners.sort()
    opened = np.concatenate([ring[corners[0] : -1], ring[: corners[0] + 1]])
    cuts = [corner - corners[0] for corner in corners] + [len(opened) - 1]
    return [opened[start : end + 1] for start, end in pairwise(cuts)]


def simplify(line: np.ndarray, tolerance: float) -> np.ndarray:
    """Douglas and Peucker's line simplification (1973): drop points within ``tolerance`` of the chords."""
    keep = np.zeros(len(line), bool)
    keep[[0, -1]] = True
    open_spans = [(0, len(line) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        between = line[first + 1 : last] - line[first]
        chord = line[last] - line[first]
        span = float(np.hypot(*chord))
        # A closed line starts and ends at one point: its farthest point is the first to keep.
        off = (
            np.hypot(*between.T) if span < 1e-6 else np.abs(between @ np.array([-chord[1], chord[0]])) / span
        )
        farthest = int(off.argmax())
        if off[farthest] > tolerance:
            middle = first + 1 + farthest
            keep[middle] = True
            open_spans += [(first, middle), (middle, last)]
    return line[keep]
