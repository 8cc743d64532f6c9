"""Writing a gallery's files."""

import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from usearch.index import Index

from stnet.gallery.encoding import Features
from stnet.gallery.manifest import (
    CENTROID_SCALES_NAME,
    CENTROID_SIZES_NAME,
    CENTROIDS_NAME,
    INDEX_DTYPE,
    INDEX_METRIC,
    INDEX_NAME,
    PATCHES_NAME,
    PICTURES_NAME,
    SCALES_NAME,
    sync_files,
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
_FLAT = {
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


class GalleryWriter:
    """Appends pictures and their features to the files of a gallery in the making."""

    def __init__(self, folder: Path, dimension: int, format: str) -> None:
        self._folder = folder
        self._suffix = format.replace("jpeg", "jpg")
        self._index = Index(ndim=dimension, metric=INDEX_METRIC, dtype=INDEX_DTYPE)
        self._files = {name: (folder / name).open("wb") for name in _FLAT}
        self._pictures = pq.ParquetWriter(
            folder / PICTURES_NAME, SCHEMA, compression={"id": "zstd", "metadata": "zstd", "image": "none"}
        )
        self._pending: list[dict[str, Any]] = []
        self.rows = 0

    def add(
        self, ids: list[str], metadata: list[dict[str, Any]], pictures: list[StoredPicture], made: Features
    ) -> None:
        """Append N pictures with their features, all of them usable."""
        flat = {
            PATCHES_NAME: made.levels,
            SCALES_NAME: made.scales,
            CENTROIDS_NAME: made.centroid_levels,
            CENTROID_SCALES_NAME: made.centroid_scales,
            CENTROID_SIZES_NAME: made.centroid_sizes,
        }
        for name, values in flat.items():
            self._files[name].write(values.astype(_FLAT[name], copy=False).tobytes())
        # one thread: the same pictures give the same files
        self._index.add(np.arange(self.rows, self.rows + len(ids)), made.vectors, threads=1)
        for identifier, extra, picture in zip(ids, metadata, pictures, strict=True):
            self._pending.append(
                {
                    "id": identifier,
                    "image": {"bytes": picture.content, "path": f"{self.rows:06d}.{self._suffix}"},
                    "width": picture.pixels.width,
                    "height": picture.pixels.height,
                    "metadata": json.dumps(extra, ensure_ascii=False, sort_keys=True),
                }
            )
            self.rows += 1
        while len(self._pending) >= ROWS_A_GROUP:
            self._write_group()

    def finish(self) -> None:
        """Write what is left, and make all of it survive a power cut."""
        if self._pending:
            self._write_group()
        self.close()
        save_index(self._index, self._folder / INDEX_NAME)
        sync_files(self._folder)

    def close(self) -> None:
        """Release the files."""
        self._pictures.close()
        for file in self._files.values():
            file.close()

    def _write_group(self) -> None:
        rows, self._pending = self._pending[:ROWS_A_GROUP], self._pending[ROWS_A_GROUP:]
        self._pictures.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), row_group_size=ROWS_A_GROUP)
