"""Pools: what is encoded once is what a batch's rows name."""

import numpy as np
import pytest
import torch

from stnet.data.photos import load_photos
from stnet.training.batches.pool import BLOCK, FeaturePool, PooledExamples
from tests.training.shapes import example_source, write_photos

COUNTS = {"scenes": BLOCK, "photos": 3, "worded": 2}


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = write_photos(tmp_path_factory.mktemp("photos") / "set", count=6)
    listing = folder / "photos.jsonl"
    listing.write_text(listing.read_text().replace('"objects"', '"labels": ["old parcel"], "objects"'))
    return load_photos(folder)


def mean_colour(pixels):
    means = torch.from_numpy(pixels).float().mean((1, 2)) / 255
    return means[:, :, None, None], means[:, :1, None, None]


def filled(photos, folder, encode=mean_colour, key="one"):
    pooled = PooledExamples(example_source(photos), *COUNTS.values(), grouped=0.0)
    return pooled, pooled.fill(np.random.default_rng(0), encode, folder, key)


def test_every_example_has_the_row_of_its_own_picture(photos, tmp_path):
    seen = []

    def encode(pixels):
        seen.extend(pixels)
        return mean_colour(pixels)

    pooled, (fine, coarse) = filled(photos, tmp_path, encode)
    assert len(fine) == len(coarse) == len(seen) == sum(COUNTS.values())
    every = [example for made in pooled.made.values() for example in made]
    assert [example.row for example in every] == list(range(len(seen)))
    assert all(example.pixels.size == 0 for example in every)
    pool = FeaturePool(fine, coarse, np.zeros((1, 2), np.float16))
    maps, _ = pool.maps(torch.tensor([4, 1]))
    assert torch.allclose(maps[0, :, 0, 0], torch.from_numpy(seen[4]).float().mean((0, 1)) / 255, atol=1e-3)
    rng = np.random.default_rng(1)
    assert len({example.row for example in pooled.scenes(rng, 64, 6, 0.0)}) == 6
    assert pooled.photo(rng, 64, boxed=True).crop is not None
    assert pooled.worded_photo(rng, 64).labels == ("old parcel",)


def test_what_was_encoded_is_read_again_and_something_else_is_not(photos, tmp_path):
    first, (fine, _) = filled(photos, tmp_path)

    def never(pixels):
        raise AssertionError("encoded twice")

    again, (read, _) = filled(photos, tmp_path, never)
    assert np.array_equal(fine, read)
    for made, same in zip(first.made.values(), again.made.values(), strict=True):
        assert [example.names for example in made] == [example.names for example in same]
    with pytest.raises(AssertionError, match="encoded twice"):
        filled(photos, tmp_path, never, key="other weights")
