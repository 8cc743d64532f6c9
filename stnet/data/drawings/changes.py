"""Drawings in strokes as unpractised hands leave them: unfinished, turned, moved, small."""

import math

import numpy as np

from stnet.strokes import Strokes


def unfinished(strokes: Strokes, missing: float) -> Strokes:
    """The drawing without the last `missing` (0..1) of its length: the pen put down early."""
    lengths = [float(np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum()) for stroke in strokes]
    left = (1 - missing) * sum(lengths)
    kept = []
    for stroke, length in zip(strokes, lengths, strict=True):
        if left <= 0:
            break
        kept.append(stroke if length <= left else _beginning(stroke, left))
        left -= length
    return kept or strokes[:1]


def _beginning(stroke: np.ndarray, length: float) -> np.ndarray:
    """The first part of a stroke, of this length, its last point between two of the stroke's."""
    along = np.concatenate([[0.0], np.linalg.norm(np.diff(stroke, axis=0), axis=1).cumsum()])
    whole = int(np.searchsorted(along, length, side="right"))
    end = [np.interp(length, along, stroke[:, axis]) for axis in (0, 1)]
    return np.concatenate([stroke[:whole], [end]]).astype(np.float32)


def moved(strokes: Strokes, right: float, down: float) -> Strokes:
    """Shifted by parts of the canvas; what leaves it is cut off when it is drawn."""
    return [stroke + np.array([right, down], np.float32) for stroke in strokes]


def scaled(strokes: Strokes, factor: float) -> Strokes:
    """Smaller or larger around the middle of the canvas."""
    return [((stroke - 0.5) * factor + 0.5).astype(np.float32) for stroke in strokes]


def rotated(strokes: Strokes, degrees: float) -> Strokes:
    """Turned clockwise around the middle of the canvas."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return [((stroke - 0.5) @ turn.T + 0.5).astype(np.float32) for stroke in strokes]
