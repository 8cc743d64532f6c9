import hashlib
import json
import shutil
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageChops

from index_builder import build_gallery, open_source
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import (
    CENTROID_SCALES_NAME,
    CENTROID_SIZES_NAME,
    CENTROIDS_NAME,
    DATA_FILES,
    INDEX_NAME,
    MANIFEST_NAME,
    PARTS_NAME,
    PICTURES_NAME,
    GalleryError,
    read_manifest,
    seal_file,
    write_manifest,
)
from tests.galleries import PHOTOS, draw_photo, load, make_gallery, make_photos


@pytest.fixture(scope="module")
def sealed(tiny_checkpoint, tmp_path_factory):
    """A gallery that no test changes."""
    return make_gallery(tmp_path_factory.mktemp("gallery"), tiny_checkpoint)


@pytest.fixture(scope="module")
def gallery(sealed):
    opened = Gallery.open(sealed)
    yield opened
    opened.close()


@pytest.fixture
def copy(sealed, tmp_path):
    return shutil.copytree(sealed, tmp_path / "copy")


def test_it_knows_its_pictures(gallery):
    assert len(gallery) == PHOTOS
    assert gallery.name == "gallery"
    assert gallery.id(3) == "photo-03.png"
    assert gallery.row("photo-03.png") == 3
    assert gallery.size(3) == gallery.picture(3).size == (96, 64)
    assert gallery.metadata(3) == {}
    difference = ImageChops.difference(gallery.picture(3), draw_photo(3))
    assert np.asarray(difference).mean() < 12  # JPEG


@pytest.mark.parametrize("id", ["photo-99.png", "../photo-03.png", "", None, ["x"]])
def test_an_unknown_id_is_refused(gallery, id):
    with pytest.raises(GalleryError, match="No picture of the gallery 'gallery' has the id"):
        gallery.row(id)


def test_patch_features_are_what_the_model_makes_of_the_pictures(gallery, tiny_checkpoint):
    loaded, rows = load(tiny_checkpoint), np.array([7, 0, 23])
    with torch.inference_mode():
        expected = loaded.model.encode_image(
            loaded.processor.images([gallery.picture(int(row)) for row in rows])
        )
    stored = gallery.patch_features(rows)
    assert stored.shape == (3, 16, 16)
    step = expected.abs().amax(-1, keepdim=True) / 127
    assert ((stored - expected).abs() <= step * 0.51 + 1e-5).all()


def test_index_vectors_are_the_neutral_sketchs_view(gallery, tiny_checkpoint):
    model = load(tiny_checkpoint).model
    patches = gallery.patch_features(np.arange(PHOTOS)).double().numpy()
    with torch.no_grad():
        neutral, tau = model.neutral_sketch.double().numpy(), float(model.temperature)
    logits = patches @ neutral / tau
    alpha = np.exp(logits - logits.max(1, keepdims=True))
    localized = np.einsum("np,npd->nd", alpha / alpha.sum(1, keepdims=True), patches)
    localized /= np.linalg.norm(localized, axis=1, keepdims=True)
    stored = np.stack([gallery.vector(row) for row in range(PHOTOS)])
    np.testing.assert_allclose(stored, localized, atol=2e-3)  # 16-bit numbers


def test_the_nearest_pictures_are_those_of_the_nearest_index_vectors(gallery):
    query = np.random.default_rng(1).normal(size=16) * 1000
    vectors = np.stack([gallery.vector(row) for row in range(PHOTOS)])
    cosines = vectors @ (query / np.linalg.norm(query))
    rows, values = gallery.nearest(query, 5)
    assert set(rows) == set(np.argsort(-cosines)[:5])
    np.testing.assert_allclose(values, cosines[rows], atol=3e-3)
    assert (np.diff(values) <= 0).all()


def test_a_large_gallery_asks_the_graph_of_its_index(gallery, monkeypatch):
    query = np.random.default_rng(2).normal(size=16)
    nearest = gallery.nearest(query, 8)[0]
    monkeypatch.setattr("stnet.gallery.gallery.EXACT_UP_TO", 0)
    assert len(set(gallery.nearest(query, 8)[0]) & set(nearest)) >= 7
    assert sorted(gallery.nearest(query, 10_000)[0]) == list(range(PHOTOS))


def test_no_more_are_near_than_there_are(gallery):
    assert sorted(gallery.nearest(np.ones(16), 10_000)[0]) == list(range(PHOTOS))
    assert gallery.nearest(np.ones(16), 0)[0].size == 0


def as_version_2(folder):
    """The gallery as it was written before centroids were: without them, with an index of parts instead."""
    content = json.loads((folder / MANIFEST_NAME).read_text())
    for name in (CENTROIDS_NAME, CENTROID_SCALES_NAME, CENTROID_SIZES_NAME):
        (folder / name).unlink()
        del content["files"][name]
    (folder / PARTS_NAME).write_bytes(b"an index that is not read any more")
    content["files"][PARTS_NAME] = asdict(seal_file(folder / PARTS_NAME))
    content |= {"version": 2}
    del content["seal"]
    content["seal"] = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    (folder / MANIFEST_NAME).write_text(json.dumps(content))
    return folder


def test_a_gallery_of_version_2_gets_the_centroids_that_a_rebuild_would_store(copy, gallery):
    opened = Gallery.open(as_version_2(copy))
    for found, stored in zip(opened.centroids, gallery.centroids, strict=True):
        np.testing.assert_array_equal(found, stored)
    assert gallery.centroids.levels.shape == (PHOTOS, 8, 16)
    np.testing.assert_allclose(np.exp(gallery.centroids.biases).sum(1), 16, rtol=1e-5)  # of 16 patches


def test_a_rebuild_leaves_nothing_of_version_2(copy, tiny_checkpoint, tmp_path):
    as_version_2(copy)
    photos = make_photos(tmp_path / "others", 3)
    build_gallery(open_source(str(photos)), load(tiny_checkpoint), copy, overwrite=True)
    assert {path.name for path in copy.iterdir()} == {MANIFEST_NAME, *DATA_FILES}


@pytest.mark.parametrize("vector", [np.zeros(16), np.full(16, np.nan), np.full(16, np.inf), np.ones(15)])
def test_a_vector_without_direction_or_of_another_size_is_refused(gallery, vector):
    with pytest.raises(ValueError, match="expected a"):
        gallery.nearest(vector, 3)


@pytest.mark.parametrize("name", DATA_FILES)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_one_flipped_bit_anywhere_is_refused_before_a_native_loader_sees_it(copy, name, share):
    content = bytearray((copy / name).read_bytes())
    content[int(len(content) * share)] ^= 0x10
    (copy / name).write_bytes(bytes(content))
    with pytest.raises(GalleryError, match=f"{name} is damaged"):
        Gallery.open(copy)


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_truncated_file_is_refused_even_without_checksums(copy, name):
    with (copy / name).open("r+b") as file:
        file.truncate((copy / name).stat().st_size // 2)
    with pytest.raises(GalleryError, match=f"{name} is truncated"):
        Gallery.open(copy, verify=False)


@pytest.mark.parametrize("name", [INDEX_NAME, CENTROIDS_NAME, CENTROID_SIZES_NAME, PICTURES_NAME])
def test_files_of_another_gallery_are_refused_even_when_sealed(copy, tiny_checkpoint, tmp_path, name):
    other = make_gallery(tmp_path, tiny_checkpoint, count=5)
    shutil.copy(other / name, copy / name)
    with pytest.raises(GalleryError, match="copy or rebuild"):
        Gallery.open(copy)
    reseal(copy)
    with pytest.raises(GalleryError, match=f"{name} (holds|has 5 rows)"):
        Gallery.open(copy)


def reseal(folder, **changes):
    seals = {name: seal_file(folder / name) for name in DATA_FILES}
    write_manifest(folder, replace(read_manifest(folder), files=seals, **changes))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"dimension": 32}, "gallery.json says"),
        ({"index_dtype": "i8"}, "names the metric 'ip' and dtype 'i8'"),
        ({"index_metric": "haversine"}, "names the metric 'haversine'"),
        ({"rows": 0}, "is empty"),
    ],
)
def test_a_manifest_that_does_not_fit_the_index_is_refused(copy, changes, text):
    reseal(copy, **changes)
    with pytest.raises(GalleryError, match=text):
        Gallery.open(copy)


def test_a_rebuild_does_not_disturb_who_has_the_old_one_open(copy, tiny_checkpoint, tmp_path):
    opened = Gallery.open(copy)
    before = opened.patch_features(np.arange(PHOTOS))
    photos = make_photos(tmp_path / "others", 3)
    build_gallery(open_source(str(photos)), load(tiny_checkpoint), copy, overwrite=True)
    assert torch.equal(opened.patch_features(np.arange(PHOTOS)), before)
    assert opened.id(20) == "photo-20.png"
    assert opened.picture(20).size == (96, 64)
    assert len(opened.nearest(np.ones(16), 100)[0]) == PHOTOS
    assert len(opened.centroids.levels) == PHOTOS
    assert len(Gallery.open(copy)) == 3
    assert not list(tmp_path.glob(".*"))


def test_a_gallery_swapped_while_it_is_opened_is_opened_anew(copy, tiny_checkpoint, tmp_path, monkeypatch):
    other = make_gallery(tmp_path, tiny_checkpoint, count=5)
    check, swapped = Gallery.__init__, []

    def swap_first(self, name, folder, manifest):
        if not swapped:
            swapped.append(copy.rename(tmp_path / "old"))
            other.rename(copy)
        check(self, name, folder, manifest)

    monkeypatch.setattr(Gallery, "__init__", swap_first)
    opened = Gallery.open(copy)
    assert len(opened) == 5
    assert opened.patch_features(np.arange(5)).shape == (5, 16, 16)


def test_datasets_opens_the_pictures(sealed, tmp_path):
    import datasets

    rows = datasets.load_dataset(
        "parquet", data_files=str(sealed / PICTURES_NAME), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert isinstance(rows.features["image"], datasets.Image)
    assert rows[3]["id"] == "photo-03.png"
    assert isinstance(rows[3]["image"], Image.Image)
    assert rows[3]["image"].size == (rows[3]["width"], rows[3]["height"])


def test_a_gallery_of_another_model_is_refused_with_the_command_that_rebuilds_it(tiny_checkpoint, tmp_path):
    folder = make_gallery(tmp_path, tiny_checkpoint, count=3)
    gallery = Gallery.open(folder)
    gallery.refuse_other_model(load(tiny_checkpoint).fingerprint, tiny_checkpoint)
    command = (
        f"python -m index_builder --images {folder}/images.parquet --checkpoint other/model "
        f"--out {folder} --overwrite"
    )
    with pytest.raises(GalleryError) as error:
        gallery.refuse_other_model("0" * 64, "other/model")
    assert str(error.value).endswith(command)
