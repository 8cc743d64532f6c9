"""Reading a shared pool: whole batches, fresh weights, and a line for what is no pool."""

import pytest
import torch

from stnet.systems.shared.making import FROZEN
from stnet.systems.shared.pool import SharedPool


def test_a_batch_is_whole_and_its_ink_the_pool_s(plain_pool):
    batch = plain_pool.batch(1)
    assert batch.ink.shape[0] == len(batch.query_image) == len(batch.text_rows)
    assert (batch.ink.numpy() == plain_pool.inks[batch.sketch_rows.numpy()]).all()
    fine, coarse = plain_pool.features.maps(batch.pictures.rows)
    assert fine.shape[1:] == (112, 4, 4) and coarse.shape[1:] == (1280, 2, 2)
    assert batch.category.shape == batch.query_image.shape


def test_a_seed_makes_new_weights_of_what_learns_alone(plain_pool):
    one, same, other = (plain_pool.fresh_model(seed).state_dict() for seed in (0, 0, 1))
    start = plain_pool.model.state_dict()
    frozen = [name for name in one if name.startswith(FROZEN)]
    assert frozen and all(torch.equal(one[name], start[name]) for name in frozen)
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["image_projection.weight"], other["image_projection.weight"])


def test_names_are_rows_of_drawings(plain_pool):
    assert set(plain_pool.names) == {"parcel", "cloud"}
    assert all(len(rows) == 2 and max(rows) < len(plain_pool.inks) for rows in plain_pool.names.values())


def test_what_is_no_pool_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"holds no whole pool .*python -m stnet.systems.make_pool"):
        SharedPool.read(tmp_path)
