"""A gallery: pictures that were encoded once, ready to be searched. `index_builder` makes it."""

import json
import threading
from pathlib import Path
from shlex import quote
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from torch import Tensor
from usearch.index import Index, MetricKind, ScalarKind

from stnet.gallery.centroids import cluster_stored, read_centroids
from stnet.gallery.manifest import (
    CENTROIDS_NAME,
    DUPLICATES_NAME,
    INDEX_DTYPE,
    INDEX_METRIC,
    INDEX_NAME,
    MANIFEST_NAME,
    PICTURES_NAME,
    GalleryError,
    Manifest,
    check_files,
    read_manifest,
    standing_folder,
)
from stnet.gallery.patches import PatchStore
from stnet.gallery.sieve import WORTH_FROM, Sieve, make_sieve
from stnet.model.scoring_kernel import Packed
from stnet.pictures import open_picture

# vectors; below this an exact scan is faster than HNSW at any setting of like recall
EXACT_UP_TO = 1_000_000
_ATTEMPTS = 5  # to open what is being replaced; one publication moves a gallery twice
_METRICS = {INDEX_METRIC: MetricKind.IP}
_DTYPES = {INDEX_DTYPE: ScalarKind.F16}


class Gallery:
    """An open gallery: read-only, safe to share between threads, undisturbed by a rebuild of its folder."""

    is_here = True  # whether its pictures lie on this machine, to be gone through without a query
    _first: np.ndarray | None = None  # by row, the first near-duplicate; None where they aren't marked

    def __init__(self, name: Path, folder: Path, manifest: Manifest) -> None:
        """Use `Gallery.open`, which checks the files first and knows in which folder they are just now."""
        self.folder = name
        self.manifest = manifest
        self._index = _load_index(folder / INDEX_NAME, manifest, manifest.rows)
        self._centroids: Packed | None = None
        self._sieve: Sieve | None = None
        self._sieved = False  # whether it is known if there is one
        self._centroids_lock = threading.Lock()
        if CENTROIDS_NAME in manifest.files:
            self._centroids = read_centroids(folder, manifest).packed()
        if DUPLICATES_NAME in manifest.files:
            self._first = _read_first(folder, manifest)
        self.patch_store = PatchStore(folder, manifest.rows, manifest.patches, manifest.dimension)
        self._pictures = pq.ParquetFile(folder / PICTURES_NAME)
        self._pictures_lock = threading.Lock()  # a ParquetFile keeps state while it reads
        table = self._pictures.read(["id", "width", "height", "metadata"])
        if len(table) != manifest.rows:
            raise GalleryError(f"{folder / PICTURES_NAME} has {len(table)} rows, expected {manifest.rows}")
        self._ids: list[str] = table["id"].to_pylist()
        self._rows = {identifier: row for row, identifier in enumerate(self._ids)}
        self._sizes = np.stack([table["width"].to_numpy(), table["height"].to_numpy()], axis=1)
        self._metadata = table["metadata"]
        groups = self._pictures.metadata
        counts = [groups.row_group(group).num_rows for group in range(groups.num_row_groups)]
        self._group_ends = np.cumsum(counts)

    @classmethod
    def open(cls, folder: str | Path, *, verify: bool = True) -> "Gallery":
        """Check a gallery's files and open it.

        Args:
            folder: where `index_builder` wrote it.
            verify: compare every checksum (about a second for each GB); False compares sizes only.

        Raises:
            GalleryError: if it is missing, truncated, damaged, foreign or of another version.
        """
        folder = Path(folder)
        for _ in range(_ATTEMPTS):
            manifest, standing = None, standing_folder(folder)
            try:
                manifest = read_manifest(standing)
                check_files(standing, manifest, checksums=verify)
                gallery = cls(folder, standing, manifest)
            except (GalleryError, OSError):
                if _unchanged(folder, standing, manifest):
                    raise
            else:
                if _unchanged(folder, standing, manifest):
                    return gallery
                gallery.close()
        raise GalleryError(
            f"The gallery {folder} was rebuilt again and again while it was being opened; try again"
        )

    def close(self) -> None:
        """Release the files. The gallery can't be used after that."""
        self.patch_store.close()
        self._pictures.close()

    def __len__(self) -> int:
        return self.manifest.rows

    @property
    def name(self) -> str:
        """What people call it."""
        return self.manifest.name

    @property
    def model_fingerprint(self) -> str:
        """The model whose features it holds; see `stnet.fingerprint`."""
        return self.manifest.model_fingerprint

    def refuse_other_model(self, fingerprint: str, checkpoint: str | Path) -> None:
        """Stop if the features come from another model than the one that would search them.

        Args:
            fingerprint: of that model.
            checkpoint: as whoever chose it calls it.

        Raises:
            GalleryError: with the command that rebuilds the gallery from its own pictures.
        """
        if self.model_fingerprint == fingerprint:
            return
        raise GalleryError(
            f"The gallery {self.name!r} was built with another model ({self.manifest.model_name}, "
            f"{self.model_fingerprint[:8]}; this one is {fingerprint[:8]}). Rebuild it with: python -m "
            f"index_builder --images {quote(str(self.folder / PICTURES_NAME))} "
            f"--checkpoint {quote(str(checkpoint))} --out {quote(str(self.folder))} --overwrite"
        )

    def id(self, row: int) -> str:
        """The picture's id: its path in the source, or the source's own id."""
        return self._ids[row]

    def ids(self, rows: np.ndarray) -> list[str]:
        """The ids of `rows` (N,), in their order."""
        return [self._ids[row] for row in rows.tolist()]

    def has(self, id: str) -> bool:
        """Whether a picture has this id."""
        return id in self._rows

    def row(self, id: str) -> int:
        """Raises GalleryError if no picture has this id."""
        try:
            return self._rows[id]
        except (KeyError, TypeError):
            raise GalleryError(
                f"No picture of the gallery {self.name!r} has the id {str(id)[:200]!r}"
            ) from None

    def size(self, row: int) -> tuple[int, int]:
        """(width, height) of the stored picture, in pixels."""
        width, height = self._sizes[row]
        return int(width), int(height)

    def metadata(self, row: int) -> dict[str, Any]:
        """What the source said about the picture, {} if nothing."""
        return dict(json.loads(self._metadata[row].as_py() or "{}"))

    def picture_bytes(self, row: int) -> bytes:
        """The stored file, in the manifest's `picture_format`.

        Raises:
            GalleryError: if the file of the pictures has become shorter.
        """
        group = int(np.searchsorted(self._group_ends, row, side="right"))
        first = int(self._group_ends[group - 1]) if group else 0
        try:
            with self._pictures_lock:
                column = self._pictures.read_row_group(group, columns=["image"], use_threads=False)["image"]
        except (OSError, pa.ArrowException) as error:
            raise GalleryError(f"A picture of the gallery {self.name!r} can't be read: {error}") from error
        return bytes(column[row - first]["bytes"].as_py())

    def picture(self, row: int) -> Image.Image:
        """The stored picture: RGB, upright, its longer side at most the manifest's `picture_size`."""
        return open_picture(self.picture_bytes(row))

    def patch_features(self, rows: np.ndarray) -> Tensor:
        """H of `rows` (N,), in their order: float32 (N, P, D). See PatchStore.read for what it raises."""
        return self.patch_store.read(rows)

    @property
    def centroids(self) -> Packed:
        """The weighted centroids of all pictures, (rows, K, D), in memory.

        A gallery of version 2 holds none: they are computed when they are first asked for, a millisecond or
        so for each picture. Whoever asks meanwhile waits.
        """
        with self._centroids_lock:
            if self._centroids is None:
                self._centroids = cluster_stored(self.patch_store, self.manifest.rows).packed()
            return self._centroids

    @property
    def sieve(self) -> Sieve | None:
        """The centroids of a large gallery in fewer dimensions; None for one that is searched without.

        It is made when it is first asked for, some microseconds for each picture: see `prepare`.
        """
        return self._made_sieve()

    def prepare(self) -> None:
        """Make now what the first search of a large gallery would wait for."""
        if len(self) >= WORTH_FROM:
            self._made_sieve()

    def _made_sieve(self) -> Sieve | None:
        centroids = self.centroids
        with self._centroids_lock:
            if not self._sieved:
                self._sieve, self._sieved = make_sieve(centroids), True
            return self._sieve

    def without_duplicates(self, rows: np.ndarray | None) -> np.ndarray | None:
        """Of rows (N,), ascending, the first of those that are near-duplicates of each other; None is all.

        A gallery that was built before they were marked has none.
        """
        if self._first is None:
            return rows
        wanted = np.arange(len(self)) if rows is None else rows
        return wanted[np.sort(np.unique(self._first[wanted], return_index=True)[1])]

    def vector(self, row: int) -> np.ndarray:
        """The picture's vector in the index: float32 (D,), of length one."""
        return np.asarray(self._index.get(row), dtype=np.float32)

    def vectors(self, rows: np.ndarray) -> np.ndarray:
        """The vectors in the index of the pictures of `rows` (N,): float32 (N, D)."""
        if len(rows) == 0:
            return np.empty((0, self.manifest.dimension), np.float32)
        return np.asarray(self._index.get(rows), dtype=np.float32)

    def nearest(self, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows whose index vectors are nearest to a direction.

        Args:
            vector: (D,) of any length greater than zero.
            count: how many; bounded by the gallery's size.

        Returns:
            rows int64 (M,) and cosines float32 (M,), best first, ties by row.

        Raises:
            ValueError: if the vector has another size, is zero or not finite.
        """
        return _search(self._index, self._direction(vector), count)

    def _direction(self, vector: np.ndarray) -> np.ndarray:
        query = np.asarray(vector, dtype=np.float32)
        if query.shape != (self.manifest.dimension,):
            raise ValueError(
                f"expected a vector of {self.manifest.dimension} numbers, got shape {query.shape}"
            )
        length = float(np.linalg.norm(query))
        if not np.isfinite(length) or length == 0:
            raise ValueError(f"expected a finite vector other than zero, got one of length {length}")
        return query / length


def _search(index: Index, direction: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Keys int64 (M,) and cosines float32 (M,) of the nearest vectors, best first, ties by key."""
    count = min(count, len(index))
    if count < 1:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    # one thread: a server has many searches at once, and the scan is bound by memory anyway
    found = index.search(direction, count, exact=len(index) <= EXACT_UP_TO, threads=1)
    keys, cosines = found.keys.astype(np.int64), 1 - found.distances.astype(np.float32)
    order = np.lexsort((keys, -cosines))
    return keys[order], cosines[order]


def _read_first(folder: Path, manifest: Manifest) -> np.ndarray:
    """Near-duplicates by `stnet.gallery.duplicates.first_of_each`."""
    first = np.fromfile(folder / DUPLICATES_NAME, dtype="<i4")
    rows = np.arange(manifest.rows)
    if len(first) != manifest.rows or (first < 0).any() or (first > rows).any():
        raise GalleryError(f"{folder / DUPLICATES_NAME} is not this gallery's: rebuild it")
    return first


def _unchanged(folder: Path, standing: Path, manifest: Manifest | None) -> bool:
    """Whether the folder still holds the gallery that we began to open, and where it was; None for none."""
    if standing_folder(folder) != standing:
        return False
    try:
        return read_manifest(standing) == manifest
    except GalleryError:
        return manifest is None


def _load_index(path: Path, manifest: Manifest, vectors: int) -> Index:
    if vectors < 1:
        raise GalleryError(f"The gallery {path.parent} is empty: build one from at least one picture")
    if manifest.index_metric not in _METRICS or manifest.index_dtype not in _DTYPES:
        raise GalleryError(
            f"{path.parent / MANIFEST_NAME} names the metric {manifest.index_metric!r} and dtype "
            f"{manifest.index_dtype!r}; expected one of {sorted(_METRICS)} and {sorted(_DTYPES)}"
        )
    try:
        index = Index.restore(str(path), view=False)
    except (RuntimeError, ValueError) as error:
        raise GalleryError(f"{path} is not an index that usearch can read: {error}") from error
    found = (index.ndim, index.metric_kind, index.dtype, len(index)) if index is not None else None
    expected = (
        manifest.dimension,
        _METRICS[manifest.index_metric],
        _DTYPES[manifest.index_dtype],
        vectors,
    )
    if found != expected:
        raise GalleryError(
            f"{path} holds (dimension, metric, dtype, vectors) {found}, {MANIFEST_NAME} says {expected}"
        )
    return index


# scored exactly, whatever the gallery's size: docs/performance.md has what they hold of the exact top 10
CANDIDATES = 1_000


def default_pool(gallery: int) -> int:
    """Candidates for so many pictures: CANDIDATES, but at most all."""
    return min(gallery, CANDIDATES)
