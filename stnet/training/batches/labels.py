"""What each patch of a picture shows, from masks or from boxes."""

import numpy as np

COVERED = 0.35  # a patch shows an object that covers at least this share of it


def patch_coverage(labels: np.ndarray, objects: int, patch: int) -> np.ndarray:
    """Share of every patch that each object covers.

    Args:
        labels: (S, S) uint8, 0 where no object is, i + 1 on the visible pixels of object i.
        objects: number of objects K.
        patch: side of a patch in pixels.

    Returns:
        (K, P) float32 in 0..1, patches row by row.
    """
    grid = labels.shape[0] // patch
    tiles = labels.reshape(grid, patch, grid, patch)
    shares = [
        (tiles == number).mean((1, 3), dtype=np.float32).reshape(-1) for number in range(1, objects + 1)
    ]
    return np.stack(shares) if shares else np.zeros((0, grid * grid), np.float32)


def box_coverage(boxes: np.ndarray, grid: int) -> np.ndarray:
    """The same from boxes alone: share of every patch inside each box. (K, 4) in 0..1 -> (K, P)"""
    edges = np.arange(grid + 1, dtype=np.float32) / grid

    def overlap(low: np.ndarray, high: np.ndarray) -> np.ndarray:
        inside = np.minimum(edges[1:], high[:, None]) - np.maximum(edges[:-1], low[:, None])
        return np.clip(inside, 0, None) * grid

    rows, columns = overlap(boxes[:, 1], boxes[:, 3]), overlap(boxes[:, 0], boxes[:, 2])
    return (rows[:, :, None] * columns[:, None, :]).reshape(len(boxes), grid * grid).astype(np.float32)


def patch_labels(coverage: np.ndarray, categories: np.ndarray, background: int) -> np.ndarray:
    """The class of each patch: the object that covers most of it, or background; -1 where neither is clear.

    coverage (K, P), categories (K,) class ids -> (P,) int64
    """
    labels = np.full(coverage.shape[1], -1, np.int64)
    total = coverage.sum(0)
    labels[total < 0.08] = background
    if len(categories):
        largest = coverage.argmax(0)
        clear = (coverage.max(0) >= COVERED) & (coverage.max(0) >= 0.7 * total)
        labels[clear] = categories[largest[clear]]
    return labels


def box_labels(coverage: np.ndarray, categories: np.ndarray, background: int) -> np.ndarray:
    """The same from boxes alone (see box_coverage): only what a box fills is known, the rest is -1."""
    labels = patch_labels(coverage, categories, background)
    labels[labels == background] = -1
    labels[coverage.sum(0) < 0.9] = -1
    return labels
