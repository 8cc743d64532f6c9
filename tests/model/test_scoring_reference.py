"""The float64 reference against values worked out by hand, and against the torch path."""

import math

import numpy as np
import pytest
import torch

from stnet.model.scoring import score
from stnet.model.scoring_reference import reference_scores


def test_two_patches_by_hand():
    # logits 2 ln 3 / 2 = ln 3 and 0: weights 3/4 and 1/4, V = (3/4 * 2 ln 3, 1/4 * 8)
    patches = np.array([[[2 * math.log(3), 0.0], [0.0, 8.0]]])
    (found,) = reference_scores(np.array([1.0, 0.0]), np.array([0.0, 5.0]), patches, 2.0)
    assert found == pytest.approx(2 / math.hypot(1.5 * math.log(3), 2))


def test_sizes_count_as_repeated_patches():
    rng = np.random.default_rng(0)
    patches, sizes = rng.normal(size=(1, 3, 5)), np.array([[4, 0, 2]])
    repeated = np.repeat(patches, sizes[0], axis=1)
    sketch, query = rng.normal(size=(2, 5))
    weighted = reference_scores(sketch, query, patches, 0.7, sizes)
    np.testing.assert_allclose(weighted, reference_scores(sketch, query, repeated, 0.7), atol=1e-12)


def test_torch_agrees_with_and_without_sizes():
    rng = np.random.default_rng(1)
    patches, sizes = rng.normal(size=(6, 7, 9)), rng.integers(0, 5, (6, 7))
    sizes[:, 3] += 1
    sketch, query = rng.normal(size=(2, 9))
    tensors = [torch.from_numpy(values) for values in (sketch, query, patches)]
    for weights in (None, sizes):
        found = score(*tensors, 1.3, None if weights is None else torch.from_numpy(weights))
        expected = reference_scores(sketch, query, patches, 1.3, weights)
        np.testing.assert_allclose(found.score.numpy(), expected, atol=2e-6)


def test_nothing_scores_zero():
    assert reference_scores(np.ones(3), np.ones(3), np.zeros((2, 4, 3)), 1.0).tolist() == [0.0, 0.0]
    assert reference_scores(np.ones(3), np.zeros(3), np.ones((1, 4, 3)), 1.0).tolist() == [0.0]
