"""What a machine with a shard does for a search: it scores its pictures where they are.

Rows are those of the whole gallery, here and in everything that asks a shard. A shard needs no model: a query
comes as the vectors that the kernel takes.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import Manifest
from stnet.gallery.patches import Stored
from stnet.model.scoring_kernel import PackedQuery
from stnet.search.choosing import choose
from stnet.search.scanning import scan_stored


class Record(NamedTuple):
    """All that a shard knows of one picture.

    Attributes:
        row: in the whole gallery.
        id, size, metadata, picture: as `Gallery` has them; the picture is the stored file.
        vector: float32 (D,), see `Gallery.vector`.
        features: of one picture, see `PatchStore.read_packed`.
    """

    row: int
    id: str
    size: tuple[int, int]
    metadata: dict[str, Any]
    picture: bytes
    vector: np.ndarray
    features: Stored


class Found(NamedTuple):
    """Pictures of one shard: rows int64 (N,), and float32 (N,) by which they were chosen."""

    rows: np.ndarray
    scores: np.ndarray


class Shard:
    """An open shard. Threads may share it."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._first = gallery.manifest.first_row

    @classmethod
    def open(cls, folder: str | Path) -> "Shard":
        """Check a shard's files and open it.

        Raises:
            GalleryError: if it is missing, truncated, damaged or of another version.
        """
        return cls(Gallery.open(folder))

    def manifest(self) -> Manifest:
        """What it is a shard of, and which one."""
        return self._gallery.manifest

    def prepare(self) -> None:
        """Search once: what a large gallery is sieved by is made, and what computes is compiled.

        That takes longer than anybody waits for a shard.
        """
        anything = np.ones(self._gallery.manifest.dimension)
        self.highest(PackedQuery.of(anything, anything, 1.0), 1)

    def highest(self, query: PackedQuery, count: int) -> Found:
        """The pictures whose centroids score best, ascending by row; equal ones by their row."""
        gallery = self._gallery
        best = choose(query, gallery.centroids, gallery.sieve, count, torch.get_num_threads())
        return Found(best.rows + self._first, best.scores)

    def nearest(self, vector: np.ndarray, count: int) -> Found:
        """The pictures whose index vectors are nearest to a direction, best first."""
        rows, cosines = self._gallery.nearest(vector, count)
        return Found(rows + self._first, cosines)

    def scores(self, query: PackedQuery, rows: np.ndarray | None) -> np.ndarray:
        """cos(Q, V) of pictures by all their patches: float32 (N,)

        Args:
            rows: int64 (N,), ascending, each once; None for all of the shard.
        """
        wanted = np.arange(len(self._gallery)) if rows is None else rows - self._first
        return scan_stored(query, self._gallery.patch_store, wanted, torch.get_num_threads())

    def features(self, rows: np.ndarray) -> Stored:
        """Patch features as they are stored, of rows (N,) that ascend, each once."""
        return self._gallery.patch_store.read_packed(rows - self._first)

    def find(self, ids: list[str]) -> dict[str, int]:
        """The rows of those of the ids that this shard has."""
        return {id: self._gallery.row(id) + self._first for id in ids if self._gallery.has(id)}

    def records(self, rows: np.ndarray) -> list[Record]:
        """All that is known of pictures, in the order of `rows` (N,)."""
        return [self._record(int(row) - self._first) for row in rows]

    def _record(self, row: int) -> Record:
        gallery = self._gallery
        return Record(
            row=row + self._first,
            id=gallery.id(row),
            size=gallery.size(row),
            metadata=gallery.metadata(row),
            picture=gallery.picture_bytes(row),
            vector=gallery.vector(row),
            features=gallery.patch_store.read_packed(np.array([row])),
        )
