"""Typed batches: their parts move together, and a DataLoader and its workers leave them what they are."""

from dataclasses import replace

import pytest
import torch

from stnet.training.batches.batch import PictureBatch, QueryBatch, SketchBatch
from stnet.training.batches.stream import batch_loader
from tests.training.shapes import tensors


def pictures():
    return PictureBatch(*(torch.full((2, 3), number) for number in range(6)))


def queries():
    rest = [torch.tensor([0, 1, 1]), torch.tensor([2, 0, 1]), *(torch.zeros(3, 2) for _ in range(6))]
    return QueryBatch(pictures(), *rest)


class QueriesSource:
    def set_image_size(self, size):
        pass

    def make(self, rng):
        return replace(queries(), ink=torch.from_numpy(rng.random((3, 2))))


def test_every_tensor_moves():
    batch = queries()
    moved = batch.to(torch.device("meta"))
    assert type(moved) is QueryBatch and type(moved.pictures) is PictureBatch
    assert len(tensors(moved)) == 14 and all(tensor.is_meta for tensor in tensors(moved))
    assert not any(tensor.is_meta for tensor in tensors(batch))


def test_every_tensor_is_pinned(monkeypatch):
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: tensor + 1)
    first, pinned = queries(), queries().pin_memory()
    assert all(torch.equal(a + 1, b) for a, b in zip(tensors(first), tensors(pinned), strict=True))


@pytest.mark.parametrize("workers", [0, 1])
def test_a_loader_hands_on_what_the_source_made(workers):
    batch = next(iter(batch_loader(QueriesSource(), workers, seed=0)))
    assert type(batch) is QueryBatch and type(batch.pictures) is PictureBatch
    assert batch.ink.dtype == torch.float64 and batch.ink.any()
    assert all(torch.equal(a, b) for a, b in zip(tensors(batch.pictures), tensors(pictures()), strict=True))


def test_a_query_asks_for_an_object_of_a_picture():
    batch = queries()
    category = torch.tensor([[7, 8, 9], [4, 5, 6]])
    batch = replace(batch, pictures=replace(batch.pictures, object_category=category))
    assert batch.category.tolist() == [9, 4, 5]


def test_a_batch_lacks_nothing():
    with pytest.raises(TypeError, match="category"):
        SketchBatch(ink=torch.zeros(1))
