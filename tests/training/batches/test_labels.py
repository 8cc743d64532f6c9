"""Batches: one stream whatever the number of workers, and labels of patches worked out by hand."""

import itertools
import time

import numpy as np
import pytest
import torch

from stnet.training.batches.labels import box_coverage, patch_coverage, patch_labels
from stnet.training.batches.stream import BatchStream, SharedSize, batch_loader, stack


class NoiseSource:
    """Batches of noise at a size that can change; some take longer than others."""

    def __init__(self):
        self.size = SharedSize(4)

    def set_image_size(self, size):
        self.size.set(size)

    def make(self, rng):
        time.sleep(float(rng.random()) * 0.01)
        return {"noise": torch.from_numpy(rng.random(self.size.get()))}


def take(loader, count):
    return [batch["noise"] for batch in itertools.islice(iter(loader), count)]


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
    assert len(next(batches)["noise"]) == 4
    source.set_image_size(9)
    sizes = [len(next(batches)["noise"]) for _ in range(8)]  # a few were on their way already
    assert sizes[-1] == 9


def test_patch_coverage_is_the_share_of_the_patchs_pixels():
    labels = np.zeros((4, 4), np.uint8)  # patches of 2 x 2
    labels[0, :3] = 1
    labels[1, 1] = 1
    labels[2:, 2:] = 2
    labels[3, 3] = 1
    coverage = patch_coverage(labels, objects=3, patch=2)
    assert coverage.dtype == np.float32
    assert coverage.tolist() == [[0.75, 0.25, 0, 0.25], [0, 0, 0, 0.75], [0, 0, 0, 0]]
    assert patch_coverage(labels, objects=0, patch=2).shape == (0, 4)


def test_box_coverage_is_the_share_of_the_patch_in_the_box():
    boxes = np.array([[0.0, 0.0, 0.5, 0.5], [0.25, 0.0, 1.0, 0.75], [0.6, 0.6, 0.6, 0.9]], np.float32)
    coverage = box_coverage(boxes, grid=2)
    assert coverage.dtype == np.float32
    assert coverage == pytest.approx(np.array([[1, 0, 0, 0], [0.5, 1, 0.25, 0.5], [0, 0, 0, 0]]))
    assert box_coverage(np.zeros((0, 4), np.float32), grid=2).shape == (0, 4)


def test_boxes_and_their_pixels_cover_alike():
    labels = np.zeros((64, 64), np.uint8)
    labels[10:40, 5:60] = 1
    box = np.array([[5 / 64, 10 / 64, 60 / 64, 40 / 64]], np.float32)
    assert box_coverage(box, grid=4) == pytest.approx(patch_coverage(labels, 1, 16), abs=1e-6)


def test_a_patch_shows_what_covers_most_of_it():
    coverage = np.array(
        [
            # clear, too little, two alike, clear winner, almost nothing, nothing, just enough
            [0.9, 0.2, 0.4, 0.7, 0.03, 0.0, 0.35],
            [0.0, 0.1, 0.4, 0.2, 0.04, 0.0, 0.0],
        ]
    )
    labels = patch_labels(coverage, np.array([5, 8]), background=9)
    assert labels.dtype == np.int64
    assert labels.tolist() == [5, -1, -1, 5, 9, 9, 5]


def test_an_object_without_a_class_leaves_its_patches_unknown():
    labels = patch_labels(np.array([[0.9, 0.0]]), np.array([-1]), background=9)
    assert labels.tolist() == [-1, 9]


def test_a_picture_without_objects_is_background():
    assert patch_labels(np.zeros((0, 4)), np.zeros(0, int), background=9).tolist() == [9] * 4


def test_stack_adds_a_batch_axis():
    stacked = stack([np.zeros((2, 3), np.uint8), np.ones((2, 3), np.uint8)])
    assert stacked.shape == (2, 2, 3) and stacked.dtype == torch.uint8
