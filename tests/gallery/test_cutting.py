"""A gallery cut into shards: the same pictures and features, in the same order, in sealed galleries."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from index_builder.verifying import verify_gallery
from stnet.gallery.cutting import cut_gallery, shard_folders
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import PATCHES_NAME, GalleryError, read_manifest, write_manifest
from tests.galleries import PHOTOS, load, make_gallery


@pytest.fixture(scope="module")
def whole(tiny_checkpoint, tmp_path_factory):
    return Gallery.open(make_gallery(tmp_path_factory.mktemp("cutting"), tiny_checkpoint, name="Whole"))


@pytest.fixture(scope="module")
def folder(whole, tmp_path_factory):
    """Three shards of 24 pictures would be alike in size: five of them aren't."""
    target = tmp_path_factory.mktemp("shards") / "made"
    cut_gallery(whole, 5, target)
    return target


def test_shards_hold_the_pictures_and_features_of_the_whole(whole, folder):
    rows = 0
    for number, path in enumerate(shard_folders(folder)):
        shard = Gallery.open(path)
        manifest = shard.manifest
        assert (manifest.shard, manifest.shards, manifest.first_row) == (number, 5, rows)
        assert (manifest.name, manifest.whole) == ("Whole", whole.manifest.files[PATCHES_NAME].sha256)
        for row in range(len(shard)):
            there = row + rows
            assert shard.id(row) == whole.id(there)
            assert shard.picture_bytes(row) == whole.picture_bytes(there)
            assert (shard.size(row), shard.metadata(row)) == (whole.size(there), whole.metadata(there))
            np.testing.assert_array_equal(shard.vector(row), whole.vector(there))
        part = np.arange(rows, rows + len(shard))
        for mine, theirs in zip(shard.centroids, whole.centroids, strict=True):
            np.testing.assert_array_equal(mine, theirs[part])
        assert shard.patch_features(np.arange(len(shard))).equal(whole.patch_features(part))
        rows += len(shard)
        shard.close()
    assert rows == PHOTOS


def test_sizes_differ_by_one_at_most(folder):
    sizes = [read_manifest(path).rows for path in shard_folders(folder)]
    assert sum(sizes) == PHOTOS and max(sizes) - min(sizes) <= 1


def test_a_shard_is_a_gallery_that_can_be_verified(folder, tiny_checkpoint):
    checked = verify_gallery(shard_folders(folder)[1], load(tiny_checkpoint))
    assert checked["size"] == 5


def test_cutting_again_needs_to_be_wanted_and_is_the_same(whole, folder):
    before = [read_manifest(path) for path in shard_folders(folder)]
    with pytest.raises(GalleryError, match="is a gallery already: give --overwrite"):
        cut_gallery(whole, 5, folder)
    done = []
    cut_gallery(whole, 5, folder, overwrite=True, progress=done.append)
    assert done == [1, 2, 3, 4, 5]
    after = [read_manifest(path) for path in shard_folders(folder)]
    assert [one.files[PATCHES_NAME] for one in after] == [one.files[PATCHES_NAME] for one in before]


def test_what_cannot_be_cut_is_refused(whole, folder, tmp_path):
    for shards in (0, PHOTOS + 1):
        with pytest.raises(GalleryError, match=f"got {shards}"):
            cut_gallery(whole, shards, tmp_path / "none")
    shard = Gallery.open(shard_folders(folder)[0])
    with pytest.raises(GalleryError, match="is a shard already"):
        cut_gallery(shard, 2, tmp_path / "none")
    shard.close()
    with pytest.raises(GalleryError, match="holds other galleries"):
        cut_gallery(whole, 3, folder, overwrite=True)  # two of the five would stay
    with pytest.raises(GalleryError, match="holds other galleries"):
        cut_gallery(whole, 3, whole.folder, overwrite=True)
    assert not (tmp_path / "none").exists()


def test_shards_that_do_not_belong_together_are_refused(folder, tmp_path):
    with pytest.raises(GalleryError, match="There are no shards"):
        shard_folders(tmp_path / "absent")
    copy = shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(copy / "shard-0003")
    with pytest.raises(GalleryError, match="has 4 shards of 5"):
        shard_folders(copy)
    shutil.copytree(folder / "shard-0002", copy / "shard-0003")
    with pytest.raises(GalleryError, match=r"Shard 3 in .* is not the one that follows"):
        shard_folders(copy)
    shutil.rmtree(copy / "shard-0003")
    foreign = shutil.copytree(folder / "shard-0003", copy / "shard-0003")
    write_manifest(foreign, replace(read_manifest(foreign), whole="another"))
    with pytest.raises(GalleryError, match="of another"):
        shard_folders(copy)
