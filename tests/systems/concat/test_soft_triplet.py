"""The soft triplet loss against loops and values worked out by hand."""

import math

import pytest
import torch

from stnet.systems.concat.soft_triplet import soft_triplet


def slow(similarity, positives):
    """Every triplet by itself."""
    queries = []
    for scores, hits in zip(similarity.tolist(), positives.tolist(), strict=True):
        right = [score for score, hit in zip(scores, hits, strict=True) if hit]
        wrong = [score for score, hit in zip(scores, hits, strict=True) if not hit]
        triplets = [math.log(1 + math.exp(other - own)) for own in right for other in wrong]
        if triplets:
            queries.append(sum(triplets) / len(triplets))
    return sum(queries) / len(queries) if queries else 0.0


@pytest.mark.parametrize("shape", [(5, 5), (6, 3), (2, 9)])
def test_it_is_the_mean_over_triplets_then_queries(shape):
    random = torch.Generator().manual_seed(0)
    similarity = 3 * torch.randn(*shape, generator=random)
    positives = torch.rand(*shape, generator=random) > 0.5
    positives[0] = True  # no negative: doesn't count
    assert soft_triplet(similarity, positives).item() == pytest.approx(slow(similarity, positives), rel=1e-5)


def test_equal_scores_cost_the_logarithm_of_two():
    assert soft_triplet(torch.zeros(4, 4), torch.eye(4).bool()).item() == pytest.approx(math.log(2))


def test_far_apart_costs_nothing_and_the_wrong_way_round_the_distance():
    assert soft_triplet(torch.tensor([[60.0, 0.0]]), torch.tensor([[True, False]])).item() < 1e-6
    assert soft_triplet(torch.tensor([[0.0, 60.0]]), torch.tensor([[True, False]])).item() == pytest.approx(
        60
    )


def test_queries_without_a_triplet_give_zero_and_a_gradient():
    similarity = torch.ones(2, 2, requires_grad=True)
    loss = soft_triplet(similarity, torch.ones(2, 2).bool())
    loss.backward()
    assert loss.item() == 0 and similarity.grad.tolist() == [[0, 0], [0, 0]]


def test_shapes_must_match():
    with pytest.raises(ValueError, match=r"similarity \(2, 3\) and positives \(3, 2\) must match"):
        soft_triplet(torch.zeros(2, 3), torch.zeros(3, 2).bool())
