"""Scores of many queries at once against the one-query definition; candidates and percentiles by hand."""

import numpy as np
import pytest
import torch

import stnet.evaluation.ranking as ranking
from stnet.evaluation.ranking import (
    ModalityVectors,
    centroid_scores,
    pool_sizes,
    read_off,
    score_chunks,
)
from stnet.gallery.gallery import default_pool
from stnet.model.scoring import score
from stnet.model.scoring_reference import reference_scores


def test_many_queries_score_as_one_by_one(monkeypatch):
    monkeypatch.setattr(ranking, "QUERY_CHUNK", 3)
    monkeypatch.setattr(ranking, "PICTURE_CHUNK", 4)
    random = torch.Generator().manual_seed(0)
    sketches, texts = torch.randn(7, 6, generator=random), torch.randn(7, 6, generator=random)
    patches, temperature = torch.randn(10, 5, 6, generator=random), torch.tensor(0.7)
    asked = {
        "both": ModalityVectors(0.5 * sketches, sketches * texts),
        "drawn": ModalityVectors(sketches, sketches),
    }
    found = {name: np.zeros((7, 10)) for name in asked}
    for rows, scores in score_chunks(asked, patches, temperature):
        for name, values in scores.items():
            found[name][rows] = values
    for name, vectors in asked.items():
        expected = [score(h, q, patches, temperature).score.numpy() for h, q in zip(*vectors, strict=True)]
        np.testing.assert_allclose(found[name], np.stack(expected), atol=1e-6)


def test_candidates_are_chosen_by_the_score_on_weighted_centroids():
    random = torch.Generator().manual_seed(1)
    sketches, texts = torch.randn(4, 6, generator=random), torch.randn(4, 6, generator=random)
    means, sizes = torch.randn(9, 3, 6, generator=random), torch.tensor([[5.0, 0, 2]] * 9)
    found = centroid_scores(sketches, sketches * texts, means, sizes, torch.tensor(0.7))
    for row, (sketch, query) in enumerate(zip(sketches, sketches * texts, strict=True)):
        expected = reference_scores(sketch.numpy(), query.numpy(), means.numpy(), 0.7, sizes.numpy())
        np.testing.assert_allclose(found[row], expected, atol=1e-5)


def one(scores, candidates, pools, target=0, relevant=None):
    scores, candidates = np.array([scores], float), np.array([candidates], float)
    right = np.arange(scores.shape[1])[None] == target
    return read_off(scores, candidates, right, right if relevant is None else np.array([relevant]), pools)


def test_pools_hold_what_the_index_puts_first(monkeypatch):
    monkeypatch.setattr(ranking, "SHOWN", 2)
    found = one([9, 8, 7, 1, 0], [0.1, 0.9, 0.8, 0.7, 0.2], pools=[1, 3, 4, 5])
    assert found.held.tolist() == [[0.5, 0.5, 0.5, 1.0]]  # picture 1 is first in the index, picture 0 last


def test_equal_scores_keep_the_order_of_the_pictures(monkeypatch):
    monkeypatch.setattr(ranking, "SHOWN", 2)
    found = one([5, 5, 5, 5], [1, 1, 1, 1], pools=[1, 2])
    assert found.held.tolist() == [[0.5, 1.0]]  # the top 2 are pictures 0 and 1 for both


def test_percentiles_of_a_pool_are_too_high_by_what_it_does_not_see(monkeypatch):
    monkeypatch.setattr(ranking, "SHOWN", 2)
    # the pool is pictures 1 and 3: of what it doesn't see, 0 beats the first result, 0 and 2 the second
    found = one([9, 8, 7, 6, 5], [0.1, 0.9, 0.2, 0.8, 0.3], pools=[2])
    assert found.overstated == pytest.approx([100 * (1 + 2) / 2 / 5])
    assert one([9, 8, 7, 6, 5], [5, 4, 3, 2, 1], pools=[5]).overstated.tolist() == [0]


def test_all_is_read_off_the_same_ranking():
    found = one([0.1, 0.9, 0.5, 0.5], [1, 2, 3, 4], [4], target=2, relevant=[True, False, True, False])
    assert found.ranks.tolist() == [3]  # its equal comes first
    assert found.precision_10.tolist() == [0.5] and found.chance.tolist() == [0.5]
    assert found.average_precision == pytest.approx([(1 / 3 + 2 / 4) / 2])


def test_pools_end_with_the_one_that_search_takes():
    assert default_pool(60) == 60 and default_pool(800) == 800 and default_pool(60_000) == 1000
    assert pool_sizes(5000) == {"50": 50, "100": 100, "200": 200, "500": 500, "default": 1000}
