"""Weighted centroids, stored and in memory: all pictures are scored by them, the best then exactly."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from stnet.gallery.clustering import weighted_centroids
from stnet.gallery.manifest import (
    CENTROID_SCALES_NAME,
    CENTROID_SIZES_NAME,
    CENTROIDS_NAME,
    GalleryError,
    Manifest,
)
from stnet.gallery.patches import PatchStore, dequantize, quantize
from stnet.model.scoring_kernel import Packed

CHUNK = 256  # pictures clustered at a time


class StoredCentroids(NamedTuple):
    """Of N pictures, as the files hold them.

    Attributes:
        levels: int8 (N, K, D), the means of `weighted_centroids` by `stnet.gallery.patches.quantize`.
        scales: float32 (N, K).
        sizes: uint16 (N, K), how many patches each is the mean of.
    """

    levels: np.ndarray
    scales: np.ndarray
    sizes: np.ndarray

    def packed(self) -> Packed:
        """What the kernel takes; a centroid of no patch weighs nothing."""
        with np.errstate(divide="ignore"):
            return Packed(self.levels, self.scales, np.log(self.sizes, dtype=np.float32))


def store_centroids(levels: np.ndarray, scales: np.ndarray) -> StoredCentroids:
    """Cluster the patches of pictures as they are stored: int8 (N, P, D) and scales (N, P)."""
    means, sizes = weighted_centroids(dequantize(levels, scales).numpy())
    return StoredCentroids(*quantize(torch.from_numpy(means)), sizes)


def read_centroids(folder: Path, manifest: Manifest) -> StoredCentroids:
    """Load a gallery's centroids: K D + 6 K bytes a picture.

    Raises:
        GalleryError: if a file is of another gallery.
    """
    shape = (manifest.rows, manifest.parts)
    return StoredCentroids(
        _load(folder / CENTROIDS_NAME, "int8", (*shape, manifest.dimension)),
        _load(folder / CENTROID_SCALES_NAME, "<f4", shape),
        _load(folder / CENTROID_SIZES_NAME, "<u2", shape),
    )


def cluster_stored(store: PatchStore, rows: int) -> StoredCentroids:
    """The centroids of a gallery that was built before they were stored: those that a rebuild would store."""
    chunks = [np.arange(start, min(start + CHUNK, rows)) for start in range(0, rows, CHUNK)]
    made = [store_centroids(*store.read_packed(chunk)) for chunk in chunks]
    return StoredCentroids(*(np.concatenate(parts) for parts in zip(*made, strict=True)))


def _load(path: Path, dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    found = np.fromfile(path, dtype=dtype)
    if found.size != int(np.prod(shape)):
        raise GalleryError(f"{path} holds {found.size:,} numbers, the gallery needs {shape}: rebuild it")
    return found.reshape(shape)
