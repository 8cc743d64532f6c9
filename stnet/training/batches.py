"""Batches made while the model trains: an endless stream from worker processes, a seed for each batch."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

COVERED = 0.35  # a patch shows an object that covers at least this share of it


class BatchSource(Protocol):
    """Makes one batch (arrays as tensors) from a random generator."""

    def make(self, rng: np.random.Generator) -> dict[str, Any]: ...

    def set_image_size(self, size: int) -> None: ...


class SharedSize:
    """A picture side that the main process sets and worker processes read."""

    def __init__(self, size: int) -> None:
        self._value = torch.tensor([size], dtype=torch.int32).share_memory_()

    def get(self) -> int:
        """Side in pixels."""
        return int(self._value[0])

    def set(self, size: int) -> None:
        """From now on (batches on their way keep their size)."""
        self._value[0] = size


class BatchStream(IterableDataset[dict[str, Any]]):
    """Endless batches; worker w of n makes batches w, w + n, ...: the stream doesn't depend on timing."""

    def __init__(self, source: BatchSource, seed: int, first: int = 0) -> None:
        self.source, self.seed, self.first = source, seed, first

    def __iter__(self) -> Iterator[dict[str, Any]]:
        worker = get_worker_info()
        index, step = self.first, 1
        if worker:
            index, step = self.first + worker.id, worker.num_workers
            torch.set_num_threads(1)  # the processes share the cores
        while True:
            yield self.source.make(np.random.default_rng([self.seed, index]))
            index += step


def batch_loader(source: BatchSource, workers: int, seed: int, first: int = 0) -> Iterable[dict[str, Any]]:
    """Batches from `workers` processes (0: made in this one), a few ahead of the model.

    Batch number `first` comes first: a run that goes on doesn't see again what it has learned from.
    """
    stream = BatchStream(source, seed, first)
    pinned = torch.cuda.is_available()  # copies to a GPU then go on while it computes
    if workers == 0:
        return DataLoader(stream, batch_size=None, pin_memory=pinned)
    return DataLoader(
        stream,
        batch_size=None,
        num_workers=workers,
        prefetch_factor=3,
        persistent_workers=True,
        pin_memory=pinned,
    )


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


def stack(arrays: list[np.ndarray]) -> Tensor:
    """Equal arrays -> one tensor with a batch axis."""
    return torch.from_numpy(np.stack(arrays))
