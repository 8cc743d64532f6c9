"""Pictures that were encoded before, with their features: what galleries are put together from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from index_builder.shards import VECTORS_NAME
from stnet.gallery.centroids import store_centroids
from stnet.gallery.encoding import Features
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import (
    CENTROID_SCALES_NAME,
    CENTROID_SIZES_NAME,
    CENTROIDS_NAME,
    PATCHES_NAME,
    PICTURES_NAME,
    SCALES_NAME,
    GalleryError,
)
from stnet.gallery.writing import FLAT_FILES, ROWS_A_GROUP, Record


@dataclass(frozen=True)
class Shape:
    """Of the features of one picture: P patches and K centroids of D numbers."""

    patches: int
    parts: int
    dimension: int


@dataclass(frozen=True)
class Piece:
    """The files of a shard or of a gallery.

    Attributes:
        folder: where they are.
        rows: pictures.
        shape: of their features.
        vectors: (start, end) -> float32 (end - start, D), the index vectors of these rows.
        without: ids of pictures that are left out.
    """

    folder: Path
    rows: int
    shape: Shape
    vectors: Callable[[int, int], np.ndarray]
    without: frozenset[str] = frozenset()

    def read(self) -> Iterator[tuple[list[Record], Features]]:
        """The pictures in their order, a few at a time.

        Raises:
            GalleryError: if files are shorter than they should be.
        """
        start = 0
        with pq.ParquetFile(self.folder / PICTURES_NAME) as pictures:
            for batch in pictures.iter_batches(ROWS_A_GROUP):
                records = [_record(row) for row in batch.to_pylist()]
                made = self._features(start, start + len(records))
                start += len(records)
                kept = np.array([record.id not in self.without for record in records], dtype=bool)
                if kept.any():
                    chosen = [record for record, wanted in zip(records, kept, strict=True) if wanted]
                    yield chosen, Features(*(part[kept] for part in made))
        if start != self.rows:
            raise GalleryError(f"{self.folder / PICTURES_NAME} has {start} rows, expected {self.rows}")

    def ids(self) -> list[str]:
        """The pictures' ids in their order."""
        found = pq.read_table(self.folder / PICTURES_NAME, columns=["id"])["id"].to_pylist()
        return [id for id in found if id not in self.without]

    def _features(self, start: int, end: int) -> Features:
        shape = self.shape
        levels = self._read(PATCHES_NAME, start, end, (shape.patches, shape.dimension))
        scales = self._read(SCALES_NAME, start, end, (shape.patches,))
        if (self.folder / CENTROIDS_NAME).is_file():
            centroids = (
                self._read(CENTROIDS_NAME, start, end, (shape.parts, shape.dimension)),
                self._read(CENTROID_SCALES_NAME, start, end, (shape.parts,)),
                self._read(CENTROID_SIZES_NAME, start, end, (shape.parts,)),
            )
        else:  # a gallery of version 2
            centroids = store_centroids(levels, scales)
        return Features(
            levels, scales, self.vectors(start, end), *centroids, np.ones(end - start, dtype=bool)
        )

    def _read(self, name: str, start: int, end: int, shape: tuple[int, ...]) -> np.ndarray:
        dtype = np.dtype(FLAT_FILES[name])
        count = int(np.prod(shape))
        found = np.fromfile(
            self.folder / name, dtype, (end - start) * count, offset=start * count * dtype.itemsize
        )
        if found.size != (end - start) * count:
            raise GalleryError(f"{self.folder / name} is too short for {self.rows} pictures")
        return found.reshape(end - start, *shape)


def _record(row: dict[str, Any]) -> Record:
    return Record(row["id"], row["metadata"], row["image"]["bytes"], row["width"], row["height"])


def shard_piece(folder: Path, rows: int, shape: Shape) -> Piece:
    """A shard of so many pictures."""

    def vectors(start: int, end: int) -> np.ndarray:
        size = shape.dimension
        found = np.fromfile(folder / VECTORS_NAME, "<f4", (end - start) * size, offset=start * size * 4)
        return found.reshape(end - start, size)

    return Piece(folder, rows, shape, vectors)


def gallery_piece(gallery: Gallery, folder: Path, without: frozenset[str] = frozenset()) -> Piece:
    """An open gallery whose files are in `folder`, without the pictures of some ids."""
    manifest = gallery.manifest

    def vectors(start: int, end: int) -> np.ndarray:
        return gallery.vectors(np.arange(start, end))

    shape = Shape(manifest.patches, manifest.parts, manifest.dimension)
    return Piece(folder, manifest.rows, shape, vectors, without)
