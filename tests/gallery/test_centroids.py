"""Centroids on their way to the files and back."""

import numpy as np
import pytest
import torch

from stnet.gallery.centroids import cluster_stored, read_centroids, store_centroids
from stnet.gallery.clustering import weighted_centroids
from stnet.gallery.manifest import (
    CENTROID_SCALES_NAME,
    CENTROID_SIZES_NAME,
    CENTROIDS_NAME,
    PATCHES_NAME,
    SCALES_NAME,
    GalleryError,
    Manifest,
)
from stnet.gallery.patches import PatchStore, dequantize, quantize

ROWS = 9


@pytest.fixture
def patches():
    """Levels and scales."""
    return quantize(torch.randn(ROWS, 12, 16, generator=torch.Generator().manual_seed(0)))


def manifest(rows=ROWS):
    return Manifest("toys", rows, "m", "f" * 64, 64, (3, 4), 16, 8, 512, "jpeg")


def write(folder, stored):
    for name, values in zip((CENTROIDS_NAME, CENTROID_SCALES_NAME, CENTROID_SIZES_NAME), stored, strict=True):
        (folder / name).write_bytes(values.tobytes())


def test_they_are_the_weighted_centroids_to_8_bits(patches):
    stored, exact = store_centroids(*patches), weighted_centroids(dequantize(*patches).numpy())
    error = (dequantize(stored.levels, stored.scales) - torch.from_numpy(exact.means)).abs()
    assert (error <= torch.from_numpy(stored.scales)[..., None] * 0.5001).all()
    assert np.array_equal(stored.sizes, exact.sizes)


def test_they_come_back_as_they_were_written(tmp_path, patches):
    stored = store_centroids(*patches)
    write(tmp_path, stored)
    for found, written in zip(read_centroids(tmp_path, manifest()), stored, strict=True):
        assert np.array_equal(found, written) and found.dtype == written.dtype


def test_those_of_no_patch_weigh_nothing():
    packed = store_centroids(*quantize(torch.ones(1, 3, 4))).packed()  # three equal patches: one centroid
    assert sorted(np.exp(packed.biases[0]).round().tolist()) == [0] * 7 + [3]
    assert np.isneginf(packed.biases[0].min())


def test_a_file_of_another_gallery_is_refused(tmp_path, patches):
    write(tmp_path, store_centroids(*patches))
    with pytest.raises(GalleryError, match=rf"{CENTROIDS_NAME} holds 1,152 numbers, the gallery needs"):
        read_centroids(tmp_path, manifest(rows=ROWS + 1))


def test_a_gallery_without_them_gets_the_same_in_any_chunks(tmp_path, patches, monkeypatch):
    levels, scales = patches
    (tmp_path / PATCHES_NAME).write_bytes(levels.tobytes())
    (tmp_path / SCALES_NAME).write_bytes(scales.tobytes())
    store = PatchStore(tmp_path, ROWS, 12, 16)
    monkeypatch.setattr("stnet.gallery.centroids.CHUNK", 4)
    for found, expected in zip(cluster_stored(store, ROWS), store_centroids(*patches), strict=True):
        assert np.array_equal(found, expected)
    store.close()
