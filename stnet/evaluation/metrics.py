"""Retrieval and localization metrics, under the names the field uses.

One rule for ties everywhere: what scores the same as the answer comes before it. So a model that scores all
pictures alike ranks every answer last. All averages are taken in float64.
"""

from collections.abc import Sequence

import numpy as np

CUTOFFS = (1, 5, 10, 20, 50, 100)


def target_ranks(scores: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Rank of each query's right picture, of the best if there are several; 1 is best.

    Ties count against: a model that scores all alike ranks last. Right pictures don't push each other down.

    Args:
        scores: (Q, N), higher is better.
        right: (Q, N) bool, one or more for each query.

    Raises:
        ValueError: if shapes don't fit, a score isn't finite, or a query has no right picture.
    """
    if scores.ndim != 2 or right.shape != scores.shape:
        raise ValueError(f"expected scores and right of one shape, got {scores.shape} and {right.shape}")
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite")
    if not right.any(1).all():
        raise ValueError("every query needs a right picture")
    best = np.where(right, scores, -np.inf).max(1)
    return np.asarray(1 + ((scores >= best[:, None]) & ~right).sum(1))


def retrieval(ranks: np.ndarray, cutoffs: Sequence[int] = CUTOFFS) -> dict[str, float]:
    """R@K in per cent for every K, and MdR, the median rank."""
    if len(ranks) == 0:
        raise ValueError("no ranks: expected one for each query")
    recalls = {f"R@{cutoff}": float(100 * (ranks <= cutoff).mean()) for cutoff in cutoffs}
    return recalls | {"MdR": float(np.median(ranks))}


def expected_retrieval(tied: np.ndarray, cutoffs: Sequence[int] = CUTOFFS) -> dict[str, float]:
    """The same for a judge who finds exactly `tied` (Q,) pictures that fit, and picks among them by chance.

    R@K is then min(1, K / tied), the rank on average (tied + 1) / 2; `tied` counts the target itself.
    """
    if len(tied) == 0 or (tied < 1).any():
        raise ValueError("expected one number for each query, 1 or more: the target itself fits")
    recalls = {f"R@{cutoff}": float(100 * np.minimum(1.0, cutoff / tied).mean()) for cutoff in cutoffs}
    return recalls | {"MdR": float(np.median((tied + 1) / 2))}


def chance_recall(right: np.ndarray, cutoff: int) -> float:
    """R@K in per cent of an order by chance: a right one of right (Q, N) bool is among the first `cutoff`."""
    pictures, answers = right.shape[1], right.sum(1)
    places = np.arange(min(cutoff, pictures))
    # one place after the other, each filled from the pictures that are left
    wrong = np.maximum(pictures - answers[:, None] - places, 0) / (pictures - places)
    return float(100 * (1 - wrong.prod(1)).mean())


def relevance_in_order(scores: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Which places of the ranking, best first, are relevant: (Q, N) float, (Q, N) bool -> (Q, N) bool

    Raises:
        ValueError: if shapes don't fit.
    """
    if scores.ndim != 2 or relevant.shape != scores.shape:
        raise ValueError(f"expected scores and relevant of one shape, got {scores.shape}, {relevant.shape}")
    order = np.lexsort((relevant, -scores), axis=-1)
    return np.take_along_axis(relevant, order, axis=-1)


def precision(ordered: np.ndarray, cutoff: int) -> np.ndarray:
    """Prec@K: relevant share of the first `cutoff` places (of all, if there are fewer). (Q, N) -> (Q,)"""
    return ordered[:, :cutoff].mean(1, dtype=np.float64)


def average_precision(ordered: np.ndarray, cutoff: int) -> np.ndarray:
    """AP@K: precision at each relevant place among the first K, summed, over min(K, all that are relevant).

    (Q, N) bool, as relevance_in_order gives it -> (Q,) in 0..1; 0 where nothing is relevant.
    """
    first = ordered[:, :cutoff]
    precisions = first.cumsum(1) / np.arange(1, first.shape[1] + 1)
    reachable = np.minimum(ordered.sum(1), first.shape[1])
    return (precisions * first).sum(1) / np.maximum(reachable, 1)


def area_under_curve(higher: np.ndarray, lower: np.ndarray) -> float:
    """How often a value of `higher` (A,) exceeds one of `lower` (B,), 0..1; a tie counts half. 0.5 is chance.

    Raises:
        ValueError: if there is no pair.
    """
    if len(higher) == 0 or len(lower) == 0:
        raise ValueError(f"expected values on both sides, got {len(higher)} and {len(lower)}")
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, side="left")
    not_above = np.searchsorted(ordered, higher, side="right")
    return float((below + not_above).mean(dtype=np.float64) / (2 * len(lower)))


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


def covered_area(boxes: np.ndarray) -> float:
    """Area under any of the boxes (K, 4): what a random point hits of them, if the picture's area is 1."""
    columns, rows = np.unique(boxes[:, [0, 2]]), np.unique(boxes[:, [1, 3]])
    middle = np.stack(
        np.meshgrid((columns[1:] + columns[:-1]) / 2, (rows[1:] + rows[:-1]) / 2, indexing="ij"), axis=-1
    )
    covered = np.zeros(middle.shape[:2], bool)
    for box in boxes:
        covered |= ((middle >= box[:2]) & (middle <= box[2:])).all(-1)
    return float(np.diff(columns) @ covered @ np.diff(rows))
