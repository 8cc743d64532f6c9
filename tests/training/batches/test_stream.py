"""Batches: one stream whatever the number of workers."""

import itertools
import time
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from stnet.training.batches.batch import Batch
from stnet.training.batches.stream import BatchStream, SharedSize, batch_loader, stack


@dataclass(frozen=True)
class Noise(Batch):
    noise: torch.Tensor


class NoiseSource:
    """Batches of noise at a size that can change; some take longer than others."""

    def __init__(self):
        self.size = SharedSize(4)

    def set_image_size(self, size):
        self.size.set(size)

    def make(self, rng):
        time.sleep(float(rng.random()) * 0.01)
        return Noise(torch.from_numpy(rng.random(self.size.get())))


def take(loader, count):
    return [batch.noise for batch in itertools.islice(iter(loader), count)]


def test_the_stream_depends_on_the_seed_only():
    first, again, other = (take(BatchStream(NoiseSource(), seed), 4) for seed in (7, 7, 8))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(first, other, strict=True))
    assert not torch.equal(first[0], first[1])


def test_the_stream_can_begin_anywhere():
    whole, rest = take(BatchStream(NoiseSource(), 7), 6), take(BatchStream(NoiseSource(), 7, first=2), 4)
    assert all(torch.equal(a, b) for a, b in zip(whole[2:], rest, strict=True))


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_make_the_same_batches_in_the_same_order(workers):
    alone = take(batch_loader(NoiseSource(), 0, seed=3, first=1), 6)
    shared = take(batch_loader(NoiseSource(), workers, seed=3, first=1), 6)
    assert all(torch.equal(a, b) for a, b in zip(alone, shared, strict=True))


def test_making_batches_here_leaves_this_processes_threads_alone():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        take(batch_loader(NoiseSource(), 0, seed=0), 1)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_new_size_reaches_the_workers():
    source = NoiseSource()
    batches = iter(batch_loader(source, 1, seed=0))
    assert len(next(batches).noise) == 4
    source.set_image_size(9)
    sizes = [len(next(batches).noise) for _ in range(8)]  # a few were on their way already
    assert sizes[-1] == 9


def test_stack_adds_a_batch_axis():
    stacked = stack([np.zeros((2, 3), np.uint8), np.ones((2, 3), np.uint8)])
    assert stacked.shape == (2, 2, 3) and stacked.dtype == torch.uint8
