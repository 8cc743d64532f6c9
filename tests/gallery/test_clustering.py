"""Weighted centroids against a plain k-means in numpy, and the score on them against the score on patches."""

import numpy as np
import pytest

from stnet.gallery.clustering import PARTS, weighted_centroids
from stnet.model.scoring_reference import reference_scores


def random(*shape, seed=1):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def test_things_that_differ_become_parts_however_small_they_are():
    things = 5 * np.eye(16, dtype=np.float32)[:4]
    owner = [0] * 8 + [1] * 5 + [2] * 2 + [3]  # a ground, two things, and one of a single patch
    patches = things[owner] + 0.05 * random(2, 16, 16)
    found = weighted_centroids(patches, parts=4)
    assert found.means.shape == (2, 4, 16)
    distance = np.linalg.norm(found.means[:, :, None] - things, axis=-1)
    assert (distance.min(1) < 0.3).all()
    assert np.sort(found.sizes).tolist() == [[1, 2, 5, 8]] * 2


def test_centroids_are_means_of_the_patches_nearest_to_them():
    patches = random(3, 16, 8)
    found = weighted_centroids(patches, parts=3)
    for picture, means, sizes in zip(patches, found.means, found.sizes, strict=True):
        centres = [picture[np.linalg.norm(picture - picture.mean(0), axis=1).argmin()]]
        while len(centres) < 3:
            distances = np.linalg.norm(picture[:, None] - np.array(centres), axis=-1).min(1)
            centres.append(picture[distances.argmax()])
        for _ in range(6):
            nearest = np.linalg.norm(picture[:, None] - np.array(centres), axis=-1).argmin(1)
            centres = [picture[nearest == part].mean(0) for part in range(3)]
        np.testing.assert_allclose(means, np.array(centres), atol=1e-5)
        assert sizes.tolist() == np.bincount(nearest, minlength=3).tolist()


@pytest.mark.parametrize("count", [1, 2])
def test_a_picture_with_fewer_patches_than_centroids_has_some_of_no_patch(count):
    found = weighted_centroids(random(2, count, 8))
    assert found.means.shape == (2, PARTS, 8)
    assert np.isfinite(found.means).all()
    assert (found.sizes > 0).sum(1).tolist() == [count, count]
    assert found.sizes.sum(1).tolist() == [count, count]


def test_centroids_do_not_depend_on_the_batch():
    patches = random(5, 16, 8)
    together, alone = weighted_centroids(patches), weighted_centroids(patches[3:4])
    assert np.array_equal(together.means[3], alone.means[0])
    assert np.array_equal(together.sizes[3], alone.sizes[0])


def test_as_many_centroids_as_patches_score_as_the_patches_do():
    patches, sketch, query = random(4, PARTS, 8), random(8, seed=2), random(8, seed=3)
    found = weighted_centroids(patches)
    exact = reference_scores(sketch, query, patches, 1.5)
    found_scores = reference_scores(sketch, query, found.means, 1.5, found.sizes)
    np.testing.assert_allclose(found_scores, exact, atol=1e-6)


@pytest.mark.parametrize("count", [0, 1 << 16])
def test_patches_that_cannot_be_counted_are_refused(count):
    with pytest.raises(ValueError, match=f"1 to 65,535 patches a picture, got {count}"):
        weighted_centroids(np.ones((1, count, 1), np.float32))
