"""The score against the paper's equations, written out in plain loops and float64."""

import math

import pytest
import torch

from stnet.model.scoring import attend, attended, score, score_all_pairs


def reference(sketch, query, patches, temperature):
    """(score, alpha) of one query and one picture, number by number: lists of floats in, floats out."""
    exponents = [sum(h * s for h, s in zip(row, sketch, strict=True)) / temperature for row in patches]
    highest = max(exponents)
    exponentials = [math.exp(value - highest) for value in exponents]
    alpha = [value / sum(exponentials) for value in exponentials]
    # V = AvgPool(alpha * H): with the average's 1 / P, which the cosine cancels
    localized = [
        sum(alpha[p] * patches[p][d] for p in range(len(patches))) / len(patches) for d in range(len(query))
    ]
    dot = sum(q * v for q, v in zip(query, localized, strict=True))
    lengths = math.sqrt(sum(q * q for q in query)) * math.sqrt(sum(v * v for v in localized))
    return dot / lengths, alpha


def batch(queries=3, pictures=5, patches=7, dimension=6, seed=0):
    """h_S (Q, D), h_T (Q, D) and H (N, P, D)."""
    random = torch.Generator().manual_seed(seed)
    return (
        torch.randn(queries, dimension, generator=random),
        torch.randn(queries, dimension, generator=random),
        torch.randn(pictures, patches, dimension, generator=random),
    )


@pytest.mark.parametrize("temperature", [0.3, 1.0, math.sqrt(6), 40.0])
def test_the_score_is_the_papers(temperature):
    sketches, texts, patches = batch()
    for sketch, text in zip(sketches, texts, strict=True):
        query = text * sketch
        found = score(sketch, query, patches, temperature)
        for number, features in enumerate(patches):
            expected, alpha = reference(
                sketch.double().tolist(), query.double().tolist(), features.double().tolist(), temperature
            )
            assert found.score[number].item() == pytest.approx(expected, abs=2e-6)
            assert found.attention[number].tolist() == pytest.approx(alpha, abs=2e-6)


def test_attention_sums_to_one_and_prefers_what_looks_like_the_sketch():
    sketches, _, patches = batch(dimension=32)
    patches[2, 4] = 3 * sketches[1]
    attention = attend(sketches, patches, 1.0)
    assert attention.shape == (3, 5, 7)
    assert torch.allclose(attention.sum(-1), torch.ones(3, 5))
    assert attention[1, 2].argmax() == 4 and attention[1, 2, 4] > 0.99


def test_a_high_temperature_looks_everywhere_and_a_low_one_at_one_patch():
    sketches, _, patches = batch()
    assert torch.allclose(attend(sketches, patches, 1e6), torch.full((3, 5, 7), 1 / 7), atol=1e-5)
    sharp = attend(sketches, patches, 1e-4)
    assert torch.allclose(sharp.amax(-1), torch.ones(3, 5))


def test_attended_is_the_weighted_sum_of_the_patches():
    _, _, patches = batch()
    attention = torch.rand(5, 7)
    expected = torch.stack([sum(attention[n, p] * patches[n, p] for p in range(7)) for n in range(5)])
    assert torch.allclose(attended(attention, patches), expected, atol=1e-6)


def naive_pairs(attention, query, patches):
    localized = torch.einsum("qnp,npd->qnd", attention, patches)
    return torch.nn.functional.cosine_similarity(localized, query[:, None], dim=-1)


def test_all_pairs_agree_with_one_query_at_a_time():
    sketches, texts, patches = batch()
    query = texts * sketches
    pairs = score_all_pairs(attend(sketches, patches, 2.0), query, patches)
    assert pairs.shape == (3, 5)
    for row in range(3):
        assert torch.allclose(pairs[row], score(sketches[row], query[row], patches, 2.0).score, atol=1e-5)


def test_gradients_of_all_pairs_are_those_of_the_plain_way():
    gradients = []
    for function in (score_all_pairs, naive_pairs):
        sketches, texts, patches = (tensor.double().requires_grad_() for tensor in batch())
        scores = function(attend(sketches, patches, 0.7), texts * sketches, patches)
        weights = torch.arange(scores.numel(), dtype=scores.dtype).view_as(scores)
        (scores * weights).sum().backward()
        gradients.append([tensor.grad for tensor in (sketches, texts, patches)])
    for ours, plain in zip(*gradients, strict=True):
        assert plain.abs().max() > 0.1
        assert torch.allclose(ours, plain, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("size", [1e5, -1e5])
def test_extreme_logits_stay_finite(size):
    sketches, texts, patches = batch()
    patches[:, 0] = size * sketches[0] / sketches[0].square().sum()  # logits of +-1e5 beside ordinary ones
    found = score(sketches[0], texts[0] * sketches[0], patches, 1.0)
    assert torch.isfinite(found.score).all() and torch.isfinite(found.attention).all()
    assert found.score.abs().max() <= 1 + 1e-6
    chosen = 1.0 if size > 0 else 0.0
    assert torch.allclose(found.attention[:, 0], torch.full((5,), chosen))
    pairs = score_all_pairs(attend(sketches, patches, 1.0), texts * sketches, patches)
    assert torch.allclose(pairs[0], found.score, atol=1e-5)


def test_half_precision_patches_are_scored_in_float32():
    sketches, texts, patches = batch()
    query = texts[0] * sketches[0]
    found = score(sketches[0].half(), query.half(), patches.half(), 1.0)
    assert found.score.dtype == torch.float32
    assert torch.allclose(found.score, score(sketches[0], query, patches, 1.0).score, atol=1e-2)


def test_a_picture_without_features_scores_zero():
    sketches, texts, patches = batch()
    patches[1] = 0
    query = texts * sketches
    assert score(sketches[0], query[0], patches, 1.0).score[1] == 0
    assert score_all_pairs(attend(sketches, patches, 1.0), query, patches)[0, 1] == 0


@pytest.mark.parametrize(
    ("sketch", "query", "patches"),
    [
        ((6,), (5,), (4, 7, 6)),
        ((6,), (6,), (4, 7, 5)),
        ((1, 6), (1, 6), (4, 7, 6)),
        ((6,), (6,), (7, 6)),
        ((6,), (6,), (2, 4, 7, 6)),
    ],
)
def test_sizes_that_do_not_fit_are_refused(sketch, query, patches):
    with pytest.raises(ValueError, match=r"expected sketch \(D,\), query \(D,\) and patches \(N, P, D\)"):
        score(torch.ones(sketch), torch.ones(query), torch.ones(patches), 1.0)
