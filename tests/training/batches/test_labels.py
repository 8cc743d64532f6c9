"""Labels of patches worked out by hand."""

import numpy as np
import pytest

from stnet.training.batches.labels import box_coverage, patch_coverage, patch_labels


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
