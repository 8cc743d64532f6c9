"""Writing a gallery's files."""

import io
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from usearch.index import Index

from stnet.gallery.duplicates import first_of_each, picture_hash
from stnet.gallery.encoding import Features
from stnet.gallery.manifest import (
    CENTROID_SCALES_NAME,
    CENTROID_SIZES_NAME,
    CENTROIDS_NAME,
    DATA_FILES,
    DUPLICATES_NAME,
    INDEX_DTYPE,
    INDEX_METRIC,
    INDEX_NAME,
    PATCHES_NAME,
    PICTURES_NAME,
    SCALES_NAME,
)

# reading one picture means reading its row group: keep it small
ROWS_A_GROUP = 32
_FEATURES = {
    "id": {"dtype": "string", "_type": "Value"},
    "image": {"_type": "Image"},
    "width": {"dtype": "int32", "_type": "Value"},
    "height": {"dtype": "int32", "_type": "Value"},
    "metadata": {"dtype": "string", "_type": "Value"},
}
# files of numbers alone, picture after picture, and how their numbers are written
FLAT_FILES = {
    PATCHES_NAME: "int8",
    SCALES_NAME: "<f4",
    CENTROIDS_NAME: "int8",
    CENTROID_SCALES_NAME: "<f4",
    CENTROID_SIZES_NAME: "<u2",
}
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("metadata", pa.string()),
    ],
    # so that `datasets` opens the column as pictures
    metadata={"huggingface": json.dumps({"info": {"features": _FEATURES}})},
)


class StoredPicture(NamedTuple):
    """A picture as the gallery keeps it: the file's bytes, and what they decode to."""

    content: bytes
    pixels: Image.Image


def store_picture(picture: Image.Image, longest: int, format: str, quality: int) -> StoredPicture:
    """Re-encode an upright RGB picture: bounded, without EXIF (which may say where it was taken).

    Args:
        longest: bound on the longer side, in pixels; smaller pictures keep their size.
        format: "jpeg" or "webp".
        quality: 1..100.
    """
    if max(picture.size) > longest:
        picture = picture.copy()
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    file = io.BytesIO()
    clean = Image.frombytes("RGB", picture.size, picture.tobytes())  # drops what Pillow would carry over
    clean.save(file, format=format.upper(), quality=quality)
    return StoredPicture(file.getvalue(), Image.open(io.BytesIO(file.getvalue())).convert("RGB"))


def save_index(index: Index, path: Path) -> None:
    """Write an index to a file.

    Raises:
        OSError: if the disk is full or broken; usearch doesn't say which.
    """
    try:
        index.save(str(path))
    except RuntimeError as error:
        raise OSError(f"{path} can't be written ({error}): is the disk full?") from error


class Record(NamedTuple):
    """A picture's row of the pictures' file.

    Attributes:
        id: unique in the gallery.
        metadata: a JSON object, as `metadata_text` writes it.
        content: the stored file's bytes.
        width, height: in pixels.
    """

    id: str
    metadata: str
    content: bytes
    width: int
    height: int


def metadata_text(metadata: dict[str, Any]) -> str:
    """Metadata as a gallery stores it: the same values give the same text."""
    return json.dumps(metadata, ensure_ascii=False, sort_keys=True)


def sync_files(folder: Path, names: Iterable[str]) -> None:
    """Make the content of files survive a power cut."""
    for name in names:
        with (folder / name).open("rb") as file:
            os.fsync(file.fileno())


class RecordsWriter:
    """Appends pictures to a parquet file and their features to flat files."""

    def __init__(self, folder: Path, format: str) -> None:
        self._suffix = format.replace("jpeg", "jpg")
        self._files = {name: (folder / name).open("wb") for name in FLAT_FILES}
        self._pictures = pq.ParquetWriter(
            folder / PICTURES_NAME, SCHEMA, compression={"id": "zstd", "metadata": "zstd", "image": "none"}
        )
        self._pending: list[dict[str, Any]] = []
        self.rows = 0

    def add(self, records: Sequence[Record], made: Features) -> None:
        """Append N pictures with their features, all of them usable."""
        flat = {
            PATCHES_NAME: made.levels,
            SCALES_NAME: made.scales,
            CENTROIDS_NAME: made.centroid_levels,
            CENTROID_SCALES_NAME: made.centroid_scales,
            CENTROID_SIZES_NAME: made.centroid_sizes,
        }
        for name, values in flat.items():
            self._files[name].write(values.astype(FLAT_FILES[name], copy=False).tobytes())
        for record in records:
            self._pending.append(
                {
                    "id": record.id,
                    "image": {"bytes": record.content, "path": f"{self.rows:06d}.{self._suffix}"},
                    "width": record.width,
                    "height": record.height,
                    "metadata": record.metadata,
                }
            )
            self.rows += 1
        while len(self._pending) >= ROWS_A_GROUP:
            self._write_group()

    def close(self) -> None:
        """Release the files."""
        self._pictures.close()
        for file in self._files.values():
            file.close()

    def _write_rest(self) -> None:
        if self._pending:
            self._write_group()

    def _write_group(self) -> None:
        rows, self._pending = self._pending[:ROWS_A_GROUP], self._pending[ROWS_A_GROUP:]
        self._pictures.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), row_group_size=ROWS_A_GROUP)


class GalleryWriter(RecordsWriter):
    """Appends pictures and their features to the files of a gallery in the making."""

    def __init__(self, folder: Path, dimension: int, format: str) -> None:
        super().__init__(folder, format)
        self._folder = folder
        self._index = Index(ndim=dimension, metric=INDEX_METRIC, dtype=INDEX_DTYPE)
        self._hashes: list[int] = []

    def add(self, records: Sequence[Record], made: Features) -> None:
        """Append N pictures with their features, all of them usable."""
        # one thread: the same pictures give the same files
        self._index.add(np.arange(self.rows, self.rows + len(records)), made.vectors, threads=1)
        self._hashes += [picture_hash(record.content) for record in records]
        super().add(records, made)

    def _vectors(self, rows: np.ndarray) -> np.ndarray:
        return np.asarray(self._index.get(rows.astype(np.uint64)), dtype=np.float32)

    def finish(self) -> None:
        """Write what is left, and make all of it survive a power cut."""
        self._write_rest()
        self.close()
        save_index(self._index, self._folder / INDEX_NAME)
        first = first_of_each(np.array(self._hashes, dtype=np.uint64), self._vectors)
        with (self._folder / DUPLICATES_NAME).open("wb") as file:
            file.write(first.astype("<i4").tobytes())
        sync_files(self._folder, DATA_FILES)
