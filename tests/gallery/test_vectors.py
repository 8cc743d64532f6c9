"""The vectors of the indexes: V for the neutral sketch, and the parts that drawings may ask for."""

import numpy as np
import pytest
import torch

from stnet.gallery.vectors import PARTS, overall_vectors, part_vectors
from stnet.model.modeling import STNetModel
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
    found = part_vectors(patches, parts=4)
    assert found.shape == (2, 4, 16)
    closest = (found @ (things / 5).T).amax(1)
    assert (closest > 0.99).all()


def test_parts_are_means_of_the_patches_nearest_to_them():
    patches = random(3, 16, 8)
    found = part_vectors(patches, parts=3).numpy()
    for picture, directions in zip(patches.numpy(), found, strict=True):
        centres = [picture[np.linalg.norm(picture - picture.mean(0), axis=1).argmin()]]
        while len(centres) < 3:
            distances = np.linalg.norm(picture[:, None] - np.array(centres), axis=-1).min(1)
            centres.append(picture[distances.argmax()])
        for _ in range(6):
            nearest = np.linalg.norm(picture[:, None] - np.array(centres), axis=-1).argmin(1)
            centres = [picture[nearest == part].mean(0) for part in range(3)]
        expected = np.array(centres) / np.linalg.norm(centres, axis=1, keepdims=True)
        np.testing.assert_allclose(directions, expected, atol=1e-5)


@pytest.mark.parametrize("count", [1, 2])
def test_a_picture_with_fewer_patches_than_parts_repeats_some(count):
    found = part_vectors(random(2, count, 8))
    assert found.shape == (2, PARTS, 8)
    assert torch.allclose(found.norm(dim=-1), torch.ones(2, PARTS), atol=1e-5)


def test_parts_do_not_depend_on_the_batch():
    patches = random(5, 16, 8)
    torch.testing.assert_close(part_vectors(patches)[3], part_vectors(patches[3:4])[0])
