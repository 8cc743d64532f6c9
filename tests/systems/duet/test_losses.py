"""Duet's losses against loops over single vectors, and by hand."""

import math

import pytest
import torch

from stnet.systems.duet.losses import (
    alignment,
    composition,
    distance,
    neutrality,
    region_similarity,
    text_to_text,
    triplet,
)


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def cosine(first, second):
    both = sum(a * b for a, b in zip(first.tolist(), second.tolist(), strict=True))
    return both / math.sqrt(sum(a * a for a in first.tolist()) * sum(b * b for b in second.tolist()))


def test_distances_are_one_minus_the_cosine():
    one = torch.tensor([[3.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
    other = torch.tensor([[5.0, 0.0], [4.0, 0.0], [-2.0, -2.0]])
    torch.testing.assert_close(distance(one, other), torch.tensor([0.0, 1.0, 2.0]))


def test_triplets_are_the_mean_over_all_other_pictures():
    similarity, own = torch.randn(5, 4), torch.tensor([0, 3, 1, 1, 2])
    lost = [
        max(0.0, 0.3 + similarity[query, other].item() - similarity[query, own[query]].item())
        for query in range(5)
        for other in range(4)
        if other != own[query]
    ]
    assert triplet(similarity, own, 0.3).item() == pytest.approx(sum(lost) / len(lost), rel=1e-5)


def test_triplets_by_hand():
    similarity = torch.tensor([[0.9, 0.8, 0.1]])
    assert triplet(similarity, torch.tensor([0]), 0.2).item() == pytest.approx(0.05)  # (0.1 + 0) / 2
    assert triplet(torch.zeros(3, 3), torch.arange(3), 0.2).item() == pytest.approx(0.2)
    with pytest.raises(ValueError, match="two pictures or more"):
        triplet(torch.zeros(2, 1), torch.zeros(2, dtype=torch.long))


def test_regions_are_softmax_means_of_cells():
    query, cells, sketches = torch.randn(2, 6), torch.randn(3, 4, 6), torch.randn(2, 6)
    found = region_similarity(query, cells, sketches, 0.5)
    for row in range(2):
        for picture in range(3):
            weights = [math.exp(cosine(cell, sketches[row]) / 0.5) for cell in cells[picture]]
            seen = sum(w * cell for w, cell in zip(weights, cells[picture], strict=True)) / sum(weights)
            assert found[row, picture].item() == pytest.approx(cosine(seen, query[row]), abs=1e-5)


def test_a_sharp_region_is_the_cell_that_the_drawing_is_like():
    cells = torch.tensor([[[1.0, 0.0], [0.0, 1.0]]])
    seen = region_similarity(torch.tensor([[0.0, 1.0]]), cells, torch.tensor([[0.0, 5.0]]), 1e-3)
    assert seen.item() == pytest.approx(1.0)


def test_the_difference_must_bring_a_drawing_nearer():
    compared, alone, picture = (torch.randn(4, 6) for _ in range(3))
    lost = [
        max(0.0, 0.4 + (1 - cosine(c, p)) - (1 - cosine(a, p)))
        for c, a, p in zip(compared, alone, picture, strict=True)
    ]
    assert composition(compared, alone, picture, 0.4).item() == pytest.approx(sum(lost) / 4, rel=1e-5)
    assert composition(alone, alone, picture, 0.4).item() == pytest.approx(0.4)  # nothing gained
    assert composition(picture, -picture, picture, 0.4).item() == 0.0


def test_a_drawing_does_not_get_worse_for_the_difference_s_sake():
    compared, alone, picture = (torch.randn(4, 6, requires_grad=True) for _ in range(3))
    composition(compared, alone, picture, 2.0).backward()
    assert compared.grad.abs().sum() > 0 and picture.grad.abs().sum() > 0 and alone.grad is None


def test_neutral_words_change_nothing():
    neutral, alone, picture = (torch.randn(4, 6) for _ in range(3))
    moved = [abs(cosine(n, p) - cosine(a, p)) for n, a, p in zip(neutral, alone, picture, strict=True)]
    assert neutrality(neutral, alone, picture).item() == pytest.approx(sum(moved) / 4, rel=1e-5)
    assert neutrality(3 * alone, alone, picture).item() == pytest.approx(0.0, abs=1e-6)
    assert neutrality(-picture, picture, picture).item() == pytest.approx(2.0)


def test_each_drawing_finds_its_own_text():
    learned, fixed = torch.randn(3, 5), torch.randn(3, 5)
    lost = 0.0
    for row in range(3):
        logits = [cosine(learned[row], other) / 0.1 for other in fixed]
        lost += math.log(sum(map(math.exp, logits))) - logits[row]
    assert text_to_text(learned, fixed, 0.1).item() == pytest.approx(lost / 3, rel=1e-4)
    same = torch.ones(4, 5)
    assert text_to_text(same, same).item() == pytest.approx(math.log(4))


def test_texts_find_the_pictures_that_they_are_true_of():
    texts, pictures = torch.randn(3, 5), torch.randn(4, 5)
    described = torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0], [0, 1, 0, 0]]).bool()
    lost = []
    for row in (0, 2):
        powers = [math.exp(cosine(texts[row], picture) / 0.1) for picture in pictures]
        true = sum(power for power, holds in zip(powers, described[row].tolist(), strict=True) if holds)
        lost.append(-math.log(true / sum(powers)))
    assert alignment(texts, pictures, described, 0.1).item() == pytest.approx(sum(lost) / 2, rel=1e-4)
    alike = torch.ones(4, 5)
    assert alignment(alike[:1], alike, described[:1]).item() == pytest.approx(math.log(2))  # 2 of 4


def test_texts_that_are_true_of_nothing_leave_a_gradient_of_zero():
    texts, pictures = torch.randn(2, 5, requires_grad=True), torch.randn(4, 5)
    loss = alignment(texts, pictures, torch.zeros(2, 4, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0 and texts.grad.abs().sum() == 0
