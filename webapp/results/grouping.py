"""Which strokes belong to which of the things that are drawn apart."""

from collections.abc import Sequence

import numpy as np

from stnet.boxes import Box
from webapp.canvas.strokes import GRID


def by_thing(strokes: Sequence[Sequence[int]], places: Sequence[Box]) -> list[list[list[int]]]:
    """The strokes of each thing: of each place those that lie in it, or nearer to it than to the others.

    Args:
        strokes: each x0, y0, x1, y1, ... in 0..GRID.
        places: of the things, in 0..1 of the paper.
    """
    groups: list[list[list[int]]] = [[] for _ in places]
    for stroke in strokes:
        away = [_distance(np.reshape(stroke, (-1, 2)) / GRID, place) for place in places]
        groups[int(np.argmin(away))].append(list(stroke))
    return groups


def _distance(points: np.ndarray, box: Box) -> float:
    """How far points (N, 2) lie outside of a box on average, in 0..1 of the paper."""
    outside = np.maximum(np.maximum(box[:2] - points, points - box[2:]), 0)
    return float(np.hypot(*outside.T).mean())
