"""Patch features of as many pictures as one likes, with the statistics of a model's own features.

The originals are the stored features of real galleries. A new picture takes those of one original, those of
another one inside a rectangle, and a light mixture of a third one over all of it:
    H' = m + a (H - m) + sqrt(1 - a^2) (H_3 - m), m the mean of all patches, a = MIXTURE
which leaves mean and covariance of the patches as they are. Many new pictures share an original: the best
ones are close to each other, which makes it harder to hold the exact top 10 than among photographs.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from stnet.gallery.centroids import StoredCentroids, store_centroids
from stnet.gallery.clustering import PARTS
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import (
    CENTROID_SCALES_NAME,
    CENTROID_SIZES_NAME,
    CENTROIDS_NAME,
    PATCHES_NAME,
    SCALES_NAME,
)
from stnet.gallery.patches import PatchStore, dequantize, quantize
from stnet.gallery.vectors import overall_vectors
from stnet.model.modeling import STNetModel

MIXTURE = 0.9
CHUNK = (
    256  # pictures made at a time, from random numbers of their own: a longer file begins as a shorter one
)
VECTORS_NAME = "vectors.f32"
_KINDS = {
    PATCHES_NAME: "int8",
    SCALES_NAME: "<f4",
    CENTROIDS_NAME: "int8",
    CENTROID_SCALES_NAME: "<f4",
    CENTROID_SIZES_NAME: "<u2",
    VECTORS_NAME: "<f4",
}


class Pictures(NamedTuple):
    """Of N pictures: patches on disk, and in memory their centroids and vectors float32 (N, D)."""

    store: PatchStore
    centroids: StoredCentroids
    vectors: np.ndarray

    def __len__(self) -> int:
        return len(self.vectors)


def read_originals(folders: Iterable[Path]) -> Tensor:
    """All patch features of these galleries: float32 (M, P, D). Raises GalleryError."""
    found = []
    for folder in folders:
        gallery = Gallery.open(folder, verify=False)
        found.append(gallery.patch_features(np.arange(len(gallery))))
        gallery.close()
    return torch.cat(found)


def composed(originals: Tensor, grid: tuple[int, int], count: int) -> Iterator[Tensor]:
    """Features of `count` new pictures in chunks, float32 (CHUNK, P, D) each but the last."""
    mean = originals.mean((0, 1))
    for number in range(-(-count // CHUNK)):
        random = np.random.default_rng(number)
        base, pasted, mixed = (originals[row] for row in random.integers(0, len(originals), (3, CHUNK)))
        inside = torch.from_numpy(_rectangles(random, grid))[..., None]
        features = torch.where(inside, pasted, base)
        made = mean + MIXTURE * (features - mean) + (1 - MIXTURE**2) ** 0.5 * (mixed - mean)
        yield made[: count - number * CHUNK]


def _rectangles(random: np.random.Generator, grid: tuple[int, int]) -> np.ndarray:
    """Which patches lie in a rectangle, another one for each of CHUNK pictures: bool (CHUNK, P)"""
    inside = []
    for side in grid:
        edges = np.sort(random.integers(0, side + 1, (CHUNK, 2)), axis=1)
        place = np.arange(side)
        inside.append((place >= edges[:, :1]) & (place < edges[:, 1:]))
    return (inside[0][:, :, None] & inside[1][:, None, :]).reshape(CHUNK, -1)


@torch.inference_mode()
def write_features(folder: Path, model: STNetModel, originals: Tensor, count: int) -> Iterator[int]:
    """Write what `open_features` opens; yields the number of pictures done so far."""
    files = {name: (folder / name).open("wb") for name in _KINDS}
    done = 0
    for features in composed(originals, model.config.grid, count):
        levels, scales = quantize(features)
        rounded = dequantize(levels, scales)
        written = (levels, scales, *store_centroids(levels, scales), overall_vectors(model, rounded).numpy())
        for (name, kind), values in zip(_KINDS.items(), written, strict=True):
            files[name].write(np.ascontiguousarray(values, dtype=kind).tobytes())
        done += len(features)
        yield done
    for file in files.values():
        file.close()


def open_features(folder: Path, count: int, patches: int, dimension: int) -> Pictures:
    """The first `count` pictures of what `write_features` wrote."""
    shapes = ((PARTS, dimension), (PARTS,), (PARTS,), (dimension,))
    names = (CENTROIDS_NAME, CENTROID_SCALES_NAME, CENTROID_SIZES_NAME, VECTORS_NAME)
    arrays = [
        np.fromfile(folder / name, dtype=_KINDS[name], count=count * int(np.prod(shape))).reshape(
            count, *shape
        )
        for name, shape in zip(names, shapes, strict=True)
    ]
    return Pictures(PatchStore(folder, count, patches, dimension), StoredCentroids(*arrays[:3]), arrays[3])
