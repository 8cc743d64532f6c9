"""Pictures side by side against the float64 reference, and against one after the other."""

import numpy as np
import pytest
import torch

from stnet.gallery.patches import dequantize, quantize
from stnet.model.lane_kernel import LANES, score_lanes, side_by_side
from stnet.model.scoring_kernel import Packed, PackedQuery, score_packed
from stnet.model.scoring_reference import reference_scores


def centroids(count=300, parts=8, dimension=16, seed=0):
    """Of some sizes, also none."""
    rng = np.random.default_rng(seed)
    levels, scales = quantize(torch.from_numpy(rng.normal(size=(count, parts, dimension))))
    sizes = rng.integers(0, 30, (count, parts))
    sizes[:, 0] += 1
    with np.errstate(divide="ignore"):
        return Packed(levels, scales, np.log(sizes, dtype=np.float32)), sizes


def query_of(dimension=16, temperature=0.5, seed=1):
    sketch, query = np.random.default_rng(seed).normal(size=(2, dimension))
    return sketch, query, PackedQuery.of(sketch, query, temperature)


def scored(query, pictures):
    lanes = side_by_side(pictures)
    scores = np.full((len(lanes.levels), LANES), np.nan, dtype=np.float32)
    score_lanes(query, lanes, scores)
    return scores.reshape(-1)


@pytest.mark.parametrize("temperature", [0.05, 0.5, 60.0])
@pytest.mark.parametrize("dimension", [4, 16, 48])
def test_scores_are_the_references(dimension, temperature):
    pictures, sizes = centroids(dimension=dimension)
    sketch, query, packed_query = query_of(dimension, temperature)
    features = dequantize(pictures.levels, pictures.scales).double().numpy()
    expected = [
        reference_scores(sketch, query, np.repeat(one, size, axis=0)[None], temperature)[0]
        for one, size in zip(features, sizes, strict=True)
    ]
    np.testing.assert_allclose(scored(packed_query, pictures)[:300], expected, atol=3e-6)


@pytest.mark.parametrize("count", [1, LANES - 1, LANES, LANES + 1])
def test_lanes_of_no_picture_score_nothing(count):
    pictures, _ = centroids(count)
    found = scored(query_of()[2], pictures)
    assert len(found) == -(-count // LANES) * LANES
    assert np.all(found[count:] == 0)
    assert np.all(found[:count] != 0)


@pytest.mark.parametrize("parts", [1, 3, 5])
def test_any_number_of_centroids(parts):
    pictures, _ = centroids(parts=parts)
    query = query_of()[2]
    np.testing.assert_allclose(scored(query, pictures)[:300], score_packed(query, pictures), atol=1e-6)


def test_a_lane_knows_of_no_other():
    pictures, _ = centroids()
    query = query_of()[2]
    assert np.array_equal(scored(query, pictures)[40:300], scored(query, pictures.part(slice(40, 300)))[:260])


def test_what_does_not_fit_is_refused():
    pictures, _ = centroids(dimension=6)
    with pytest.raises(ValueError, match="multiple of 4"):
        side_by_side(pictures)
    with pytest.raises(ValueError, match=r"biases \(N, K\)"):
        side_by_side(Packed(*pictures[:2]))
    lanes = side_by_side(centroids()[0])
    with pytest.raises(ValueError, match="expected a query"):
        score_lanes(query_of(8)[2], lanes, np.empty((2, LANES), np.float32))
    with pytest.raises(ValueError, match="scores"):
        score_lanes(query_of()[2], lanes, np.empty((1, LANES), np.float32))
