"""The pictures that get their exact score, with a sieve before and without."""

import numpy as np
import pytest
import torch

from stnet.gallery import sieve as sieves
from stnet.gallery.patches import quantize
from stnet.gallery.sieve import make_sieve
from stnet.model.scoring_kernel import Packed, PackedQuery, score_packed
from stnet.search.choosing import choose, highest

COUNT, PARTS, DIMENSION = 1200, 8, 80


@pytest.fixture
def centroids():
    rng = np.random.default_rng(0)
    # the later a dimension, the less of it
    features = rng.normal(size=(COUNT, PARTS, DIMENSION)) * 0.9 ** np.arange(DIMENSION)
    return Packed(*quantize(torch.from_numpy(features)), np.zeros((COUNT, PARTS), np.float32))


@pytest.fixture
def sieve(centroids, monkeypatch):
    monkeypatch.setattr(sieves, "WORTH_FROM", 1)
    return make_sieve(centroids)


@pytest.fixture
def query():
    return PackedQuery.of(*np.random.default_rng(1).normal(size=(2, DIMENSION)), 2.0)


def test_without_a_sieve_they_are_the_best_by_centroids(centroids, query):
    found = choose(query, centroids, None, 20, threads=2)
    scores = score_packed(query, centroids)
    assert found.rows.tolist() == sorted(np.argsort(-scores)[:20].tolist())
    assert np.array_equal(found.scores, scores[found.rows])


def test_a_sieve_finds_the_same(centroids, sieve, query, monkeypatch):
    monkeypatch.setattr(sieves, "LEAST_KEPT", 150)
    found, expected = (choose(query, centroids, one, 20, threads=2) for one in (sieve, None))
    assert np.array_equal(found.rows, expected.rows)
    assert np.array_equal(found.scores, expected.scores)


def test_what_the_sieve_leaves_out_is_not_scored(centroids, sieve, query, monkeypatch):
    monkeypatch.setattr(sieves, "LEAST_KEPT", 150)
    seen = []
    monkeypatch.setattr(
        "stnet.search.choosing.scan",
        lambda query, pictures, threads, rows: seen.append(rows) or np.zeros(len(rows), np.float32),
    )
    choose(query, centroids, sieve, 20, threads=2)
    choose(query, centroids, sieve, 400, threads=2)  # more than usual are wanted: more are kept
    assert [len(rows) for rows in seen] == [150, 800]


@pytest.mark.parametrize("kept", [150, 5000])
def test_only_some_rows_count(centroids, sieve, query, kept, monkeypatch):
    monkeypatch.setattr(sieves, "LEAST_KEPT", kept)
    among = np.arange(5, COUNT, 3)
    found = choose(query, centroids, sieve, 20, threads=1, among=among)
    scores = score_packed(query, centroids)[among]
    assert found.rows.tolist() == sorted(among[np.argsort(-scores)[:20]].tolist())


@pytest.mark.parametrize(("count", "rows"), [(1, [1]), (2, [1, 3]), (3, [1, 3, 4]), (4, [0, 1, 3, 4])])
def test_the_highest_are_taken_and_of_equal_ones_the_first(count, rows):
    scores = np.array([0.5, 0.9, 0.5, 0.9, 0.7, 0.5], dtype=np.float32)
    assert highest(scores, count).tolist() == rows
    assert highest(scores, 6).tolist() == highest(scores, 99).tolist() == list(range(6))
