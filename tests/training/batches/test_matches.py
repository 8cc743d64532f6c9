"""A batch of matches: drawings of what is on its pictures, by number, with words where there are some."""

import numpy as np
import pytest
import torch

from stnet.data.photos import load_photos
from stnet.training.batches.matches import MatchSource
from stnet.training.config import RunError
from tests.training.shapes import run_config, write_photos
from tests.training.things import NAMES, kept_pictures, sketches


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    photos = load_photos(write_photos(tmp_path_factory.mktemp("photos") / "photos", count=6))
    return kept_pictures(6, photos)


def source_of(parts, **changes):
    _, processor, kept = parts
    config = run_config("unused", **{"photo_share": 0.25, "queries_per_image": 2, **changes})
    return MatchSource(kept, sketches(), processor, NAMES, config)


def test_every_drawing_is_of_a_thing_on_its_picture(parts):
    source = source_of(parts)
    batch = source.make(np.random.default_rng(0))
    assert batch.patches.shape == (4, 16, 16) and batch.ink.shape[1:] == (32, 32)
    photos = (batch.words[:, None] == 0).all(-1).all(-1)
    for query, place in enumerate(batch.picture.tolist()):
        shown = batch.things[place]
        assert batch.thing[query] in shown[shown >= 0]
        name = next(name for name, number in source.things.items() if number == batch.thing[query])
        if batch.name[query] >= 0:
            assert NAMES[batch.name[query]] == name
        assert photos[query] == (name == "parcel")
    assert int(photos.sum()) >= 1 and not photos.all()
    assert torch.bincount(batch.picture, minlength=4).max() <= 2
    assert (batch.coverage[batch.things < 0] == 0).all()


def test_the_same_seed_makes_the_same_batch(parts):
    first, again = (source_of(parts).make(np.random.default_rng(5)) for _ in range(2))
    assert torch.equal(first.ink, again.ink) and torch.equal(first.thing, again.thing)


def test_too_few_pictures_for_a_batch_are_refused(parts):
    with pytest.raises(RunError, match=r"a batch needs 5 scenes and 5 photos .*; 6 and 3 were kept"):
        source_of(parts, batch_size=10, photo_share=0.5)
