"""Retrieval and localization metrics, under the names the field uses."""

from collections.abc import Sequence

import numpy as np

CUTOFFS = (1, 5, 10, 20, 50, 100)


def target_ranks(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Rank of each query's target, 1 is best. Ties count against: a model that scores all alike ranks last.

    Args:
        scores: (Q, N), higher is better.
        targets: column of each query's target, (Q,).

    Raises:
        ValueError: if shapes don't fit or a score isn't finite.
    """
    if scores.ndim != 2 or targets.shape != scores.shape[:1]:
        raise ValueError(f"expected scores (Q, N) and targets (Q,), got {scores.shape} and {targets.shape}")
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite")
    own = scores[np.arange(len(scores)), targets]
    return (scores >= own[:, None]).sum(1)


def retrieval(ranks: np.ndarray, cutoffs: Sequence[int] = CUTOFFS) -> dict[str, float]:
    """R@K in per cent for every K, and MdR, the median rank."""
    if len(ranks) == 0:
        raise ValueError("no ranks: expected one for each query")
    recalls = {f"R@{cutoff}": float(100 * (ranks <= cutoff).mean()) for cutoff in cutoffs}
    return recalls | {"MdR": float(np.median(ranks))}


def points_inside(points: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The pointing game: is the point in the box? points (Q, 2) x y, boxes (Q, 4) x0 y0 x1 y1 -> bool (Q,)"""
    return (
        (points[:, 0] >= boxes[:, 0])
        & (points[:, 0] <= boxes[:, 2])
        & (points[:, 1] >= boxes[:, 1])
        & (points[:, 1] <= boxes[:, 3])
    )


def intersection_over_union(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """IoU of boxes, pair by pair: (Q, 4), (Q, 4) -> (Q,) in 0..1"""
    low, high = np.maximum(first[:, :2], second[:, :2]), np.minimum(first[:, 2:], second[:, 2:])
    overlap = np.clip(high - low, 0, None).prod(1)
    areas = sum((box[:, 2:] - box[:, :2]).clip(0).prod(1) for box in (first, second))
    return overlap / np.maximum(areas - overlap, 1e-9)
