import shutil

import pytest
import torch

from index_builder.verifying import verify_gallery
from stnet.gallery.manifest import GalleryError
from tests.galleries import load, make_gallery, plant


@pytest.fixture(scope="module")
def sealed(tiny_checkpoint, tmp_path_factory):
    return make_gallery(tmp_path_factory.mktemp("verified"), tiny_checkpoint, count=7)


def test_a_sound_gallery(sealed, tiny_checkpoint):
    assert verify_gallery(sealed)["least_cosine"] is None
    checked = verify_gallery(sealed, load(tiny_checkpoint))
    assert (checked["name"], checked["size"], checked["recomputed"]) == ("gallery", 7, 7)
    assert checked["least_cosine"] > 0.999


def test_a_damaged_gallery(sealed, tmp_path):
    copy = shutil.copytree(sealed, tmp_path / "copy")
    (copy / "patches.scales").write_bytes(b"")
    with pytest.raises(GalleryError, match=r"patches\.scales is truncated"):
        verify_gallery(copy)


def test_features_that_are_not_the_pictures(sealed, tiny_checkpoint, tmp_path):
    copy = shutil.copytree(sealed, tmp_path / "copy")
    plant(copy, 4, torch.ones(16, 16))
    verify_gallery(copy)
    with pytest.raises(GalleryError, match=r"The features of 'photo-04\.png' are not what its model makes"):
        verify_gallery(copy, load(tiny_checkpoint))


def test_another_model(sealed, tiny_checkpoint):
    other = load(tiny_checkpoint)._replace(fingerprint="0" * 64)
    with pytest.raises(GalleryError, match="was built with another model"):
        verify_gallery(sealed, other)
