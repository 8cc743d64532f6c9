"""What finds candidates: V for the neutral sketch, and the centroids that stand for a picture's patches."""

import numpy as np
import pytest
import torch

from stnet.gallery.vectors import PARTS, overall_vectors, weighted_centroids
from stnet.model.modeling import STNetModel
from stnet.model.scoring import score
from tests.conftest import tiny_config


def random(*shape, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_the_overall_vector_of_like_patches_is_their_direction():
    torch.manual_seed(0)
    patch = random(16)
    with torch.inference_mode():
        vectors = overall_vectors(STNetModel(tiny_config()).eval(), patch.expand(2, 16, 16))
    torch.testing.assert_close(vectors, (patch / patch.norm()).expand(2, 16))


def test_things_that_differ_become_parts_however_small_they_are():
    things = 5 * torch.eye(16)[:4]
    owner = torch.tensor([0] * 8 + [1] * 5 + [2] * 2 + [3])  # a ground, two things, and one of a single patch
    patches = things[owner] + 0.05 * random(2, 16, 16)
    found = weighted_centroids(patches, parts=4)
    assert found.means.shape == (2, 4, 16)
    distance = torch.cdist(found.means, things.expand(2, 4, 16))
    assert (distance.amin(1) < 0.3).all()
    assert found.sizes.sort(descending=True).values.tolist() == [[8, 5, 2, 1]] * 2


def test_centroids_are_means_of_the_patches_nearest_to_them():
    patches = random(3, 16, 8)
    found = weighted_centroids(patches, parts=3)
    for picture, means, sizes in zip(patches.numpy(), found.means, found.sizes, strict=True):
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
    assert found.means.isfinite().all()
    assert (found.sizes > 0).sum(1).tolist() == [count, count]
    assert found.sizes.sum(1).tolist() == [count, count]


def test_centroids_do_not_depend_on_the_batch():
    patches = random(5, 16, 8)
    torch.testing.assert_close(
        weighted_centroids(patches).means[3], weighted_centroids(patches[3:4]).means[0]
    )


def test_as_many_centroids_as_patches_score_as_the_patches_do():
    patches, sketch, query = random(4, PARTS, 8), random(8, seed=2), random(8, seed=3)
    found = weighted_centroids(patches)
    exact = score(sketch, query, patches, 1.5).score
    torch.testing.assert_close(score(sketch, query, found.means, 1.5, found.sizes).score, exact)
