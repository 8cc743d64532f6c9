"""Batches made while the model trains: an endless stream from worker processes, a seed for each batch."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from stnet.training.batches.batch import AnyBatch, Batch

MadeBatch = TypeVar("MadeBatch", bound=Batch, covariant=True)


class BatchSource(Protocol[MadeBatch]):
    """Makes one batch from a random generator."""

    def make(self, rng: np.random.Generator) -> MadeBatch: ...

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


class BatchStream(IterableDataset[AnyBatch], Generic[AnyBatch]):
    """Endless batches; worker w of n makes batches w, w + n, ...: the stream doesn't depend on timing."""

    def __init__(self, source: BatchSource[AnyBatch], seed: int, first: int = 0) -> None:
        self.source, self.seed, self.first = source, seed, first

    def __iter__(self) -> Iterator[AnyBatch]:
        worker = get_worker_info()
        index, step = self.first, 1
        if worker:
            index, step = self.first + worker.id, worker.num_workers
            torch.set_num_threads(1)  # the processes share the cores
        while True:
            yield self.source.make(np.random.default_rng([self.seed, index]))
            index += step


def batch_loader(
    source: BatchSource[AnyBatch], workers: int, seed: int, first: int = 0
) -> Iterable[AnyBatch]:
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


def stack(arrays: Sequence[np.ndarray]) -> Tensor:
    """Equal arrays -> one tensor with a batch axis."""
    return torch.from_numpy(np.stack(arrays))
