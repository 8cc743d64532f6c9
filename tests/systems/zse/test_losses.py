"""Both losses by hand, and against slow sums."""

import pytest
import torch

from stnet.systems.zse.losses import matching, triplet


def test_triplets_by_hand():
    anchor, near, far = torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([[0.0, 5.5]])
    assert triplet(anchor, near, far).item() == pytest.approx(0.5)  # 5 - 5.5 + 1
    assert triplet(anchor, far, near).item() == pytest.approx(1.5)
    assert triplet(anchor, anchor, near).item() == 0.0
    assert triplet(anchor, near, far, margin=0.25).item() == 0.0


def test_triplets_are_the_slow_mean():
    torch.manual_seed(0)
    parts = torch.randn(3, 6, 4)
    slow = 0.0
    for anchor, positive, negative in zip(*parts.tolist(), strict=True):
        near = sum((a - p) ** 2 for a, p in zip(anchor, positive, strict=True)) ** 0.5
        far = sum((a - n) ** 2 for a, n in zip(anchor, negative, strict=True)) ** 0.5
        slow += max(near - far + 1, 0)
    assert triplet(*parts).item() == pytest.approx(slow / 6, rel=1e-5)


def test_matching_by_hand():
    relation, same = torch.tensor([1.0, 0.25, 0.5]), torch.tensor([True, False, True])
    assert matching(relation, same).item() == pytest.approx((0 + 0.0625 + 0.25) / 3)
