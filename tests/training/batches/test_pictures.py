"""Batches of pictures: scenes and photos together, their objects padded to one number."""

import numpy as np
import pytest
import torch

from stnet.data.photos import load_photos
from stnet.training.batches.examples import MOST_OBJECTS
from stnet.training.batches.pictures import PictureSource, picture_batch
from stnet.training.config import RunError
from tests.training.shapes import SPLIT, example_source, write_photos


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return load_photos(write_photos(tmp_path_factory.mktemp("photos") / "set"))


def rng(seed=0):
    return np.random.default_rng(seed)


def test_a_batch_is_partly_photos(photos):
    source = PictureSource(example_source(photos), batch_size=8, photo_share=0.25)
    batch = source.make(rng())
    assert batch.images.shape == (8, 64, 64, 3) and batch.images.dtype == torch.uint8
    assert batch.patch_labels.shape == (8, 16) and batch.patch_labels.dtype == torch.int64
    background = len(SPLIT.seen) + 1
    is_photo = ~(batch.patch_labels == background).any(1)
    assert is_photo.sum() == 2
    source.set_image_size(32)
    assert source.make(rng()).images.shape == (8, 32, 32, 3)


def test_objects_are_padded_to_one_number():
    source = example_source()
    examples = [source.scene(rng(seed), 64, source.seen) for seed in range(3)]
    padded = picture_batch(examples, [source.labels(example) for example in examples])
    assert padded.coverage.shape == (3, MOST_OBJECTS, 16)
    assert padded.object_box.shape == (3, MOST_OBJECTS, 4)
    for row, example in enumerate(examples):
        count = len(example.names)
        assert padded.object_category[row].tolist() == [
            *example.categories,
            *[-1] * (MOST_OBJECTS - count),
        ]
        assert padded.coverage[row, count:].sum() == 0
        assert np.array_equal(padded.coverage[row, :count].numpy(), example.coverage)
        assert np.array_equal(padded.object_box[row, :count].numpy(), example.boxes)
        assert padded.placed[row].tolist() == [True] * count + [False] * (MOST_OBJECTS - count)


def test_a_share_of_photos_needs_photos():
    with pytest.raises(RunError, match=r"photo_share is 0\.5, but there are no photos"):
        PictureSource(example_source(), 4, photo_share=0.5)
