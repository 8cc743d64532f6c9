"""A large gallery's centroids in fewer dimensions."""

import numpy as np
import pytest
import torch

from stnet.gallery import sieve as module
from stnet.gallery.patches import dequantize, quantize
from stnet.gallery.sieve import DIMENSIONS, kept, make_sieve
from stnet.model.lane_kernel import LANES
from stnet.model.scoring_kernel import Packed, PackedQuery, score_packed
from stnet.search.scanning import scan_lanes

COUNT, PARTS, DIMENSION = 900, 8, 80


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(module, "WORTH_FROM", COUNT)


def centroids(rank, count=COUNT, dimension=DIMENSION):
    """Features that lie in `rank` dimensions of their space, and a little beside them."""
    rng = np.random.default_rng(rank)
    base = np.linalg.qr(rng.normal(size=(dimension, dimension)))[0][:rank]
    features = rng.normal(size=(count, PARTS, rank)) @ base + 0.01 * rng.normal(
        size=(count, PARTS, dimension)
    )
    sizes = rng.integers(1, 30, (count, PARTS))
    return Packed(*quantize(torch.from_numpy(features)), np.log(sizes, dtype=np.float32))


def query_of(seed=1, dimension=DIMENSION):
    return PackedQuery.of(*np.random.default_rng(seed).normal(size=(2, dimension)), 2.0)


def test_directions_are_those_that_features_lie_in():
    pictures = centroids(rank=20)
    made = make_sieve(pictures)
    assert made.directions.shape == (DIMENSION, DIMENSIONS)
    np.testing.assert_allclose(made.directions.T @ made.directions, np.eye(DIMENSIONS), atol=1e-5)
    features = dequantize(pictures.levels, pictures.scales).flatten(0, 1).numpy()
    first = made.directions[:, :20]
    lost = features - features @ first @ first.T
    assert np.square(lost).sum() < 0.01 * np.square(features).sum()


def test_it_scores_nearly_as_whole_centroids_do():
    pictures, query = centroids(rank=20), query_of()
    made = make_sieve(pictures)
    found = scan_lanes(made.turned(query), made.lanes, 2)
    assert len(found) == -(-COUNT // LANES) * LANES
    # it knows nothing of how much of Q lies outside of the directions: all scores are larger by one factor
    factor = np.linalg.norm(query.query @ made.directions)
    np.testing.assert_allclose(found[:COUNT] * factor, score_packed(query, pictures), atol=0.02)


def test_few_pictures_or_dimensions_need_none():
    assert make_sieve(centroids(rank=20, count=COUNT - 1)) is None
    assert make_sieve(centroids(rank=20, dimension=DIMENSIONS)) is None


def test_any_chunks_make_the_same(monkeypatch):
    whole = make_sieve(centroids(rank=20))
    monkeypatch.setattr(module, "CHUNK", LANES)
    parts = make_sieve(centroids(rank=20))
    assert all(np.array_equal(*pair) for pair in zip(whole.lanes, parts.lanes, strict=True))


def test_of_more_pictures_more_are_kept():
    assert [kept(pictures, 1_000) for pictures in (100_000, 1_000_000)] == [4_000, 20_000]
    assert kept(100_000, 3_000) == 6_000
