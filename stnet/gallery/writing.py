"""Writing a gallery's files, and putting the finished folder in its place."""

import fcntl
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from usearch.index import Index

from stnet.gallery.encoding import Features
from stnet.gallery.manifest import (
    DATA_FILES,
    INDEX_DTYPE,
    INDEX_METRIC,
    INDEX_NAME,
    MANIFEST_NAME,
    PARTS_NAME,
    PATCHES_NAME,
    PICTURES_NAME,
    SCALES_NAME,
    GalleryError,
    is_gallery,
    sync_folder,
)

# reading one picture means reading its row group: keep it small
ROWS_A_GROUP = 32
_OWNER = "owner.pid"
_FEATURES = {
    "id": {"dtype": "string", "_type": "Value"},
    "image": {"_type": "Image"},
    "width": {"dtype": "int32", "_type": "Value"},
    "height": {"dtype": "int32", "_type": "Value"},
    "metadata": {"dtype": "string", "_type": "Value"},
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


class GalleryWriter:
    """Appends pictures and their features to the files of a gallery in the making."""

    def __init__(self, folder: Path, dimension: int, format: str) -> None:
        self._folder = folder
        self._suffix = format.replace("jpeg", "jpg")
        self._index, self._parts = (
            Index(ndim=dimension, metric=INDEX_METRIC, dtype=INDEX_DTYPE) for _ in range(2)
        )
        self._levels = (folder / PATCHES_NAME).open("wb")
        self._scales = (folder / SCALES_NAME).open("wb")
        self._pictures = pq.ParquetWriter(
            folder / PICTURES_NAME, SCHEMA, compression={"id": "zstd", "metadata": "zstd", "image": "none"}
        )
        self._pending: list[dict[str, Any]] = []
        self.rows = 0

    def add(
        self, ids: list[str], metadata: list[dict[str, Any]], pictures: list[StoredPicture], made: Features
    ) -> None:
        """Append N pictures with their features, all of them usable."""
        self._levels.write(made.levels.tobytes())
        self._scales.write(made.scales.astype("<f4").tobytes())
        keys = np.arange(self.rows, self.rows + len(ids))
        count, parts, dimension = made.parts.shape
        part_keys = keys[:, None] * parts + np.arange(parts)
        # one thread: the same pictures give the same files
        self._index.add(keys, made.vectors, threads=1)
        self._parts.add(part_keys.reshape(-1), made.parts.reshape(count * parts, dimension), threads=1)
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
        self._index.save(str(self._folder / INDEX_NAME))
        self._parts.save(str(self._folder / PARTS_NAME))
        for name in DATA_FILES:
            with (self._folder / name).open("rb") as file:
                os.fsync(file.fileno())

    def close(self) -> None:
        """Release the files."""
        self._pictures.close()
        self._levels.close()
        self._scales.close()

    def _write_group(self) -> None:
        rows, self._pending = self._pending[:ROWS_A_GROUP], self._pending[ROWS_A_GROUP:]
        self._pictures.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), row_group_size=ROWS_A_GROUP)


def refuse_target(target: Path, *, overwrite: bool) -> None:
    """Stop before the work if the result could not be put in its place.

    Raises:
        GalleryError: if `target` is a file, a folder of something else, or a gallery without `overwrite`.
    """
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not target.is_dir() or not is_gallery(target):
        raise GalleryError(f"{target} exists and is not a gallery: choose another --out, nothing was changed")
    if not overwrite:
        raise GalleryError(f"{target} is a gallery already: give --overwrite to replace it")


@contextmanager
def build_folder(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target` to build in; removed if the build fails.

    It is locked, so that two builders of one gallery can't mix. A killed builder's lock dies with it, and the
    next builder clears what it left.

    Raises:
        GalleryError: if another builder is at work on `target`.
    """
    folder = target.with_name(f".{target.name}.building")
    target.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        _take_lock(lock, folder, target)
        _clear(folder)
        (folder / _OWNER).write_text(str(os.getpid()))
        try:
            yield folder
        finally:
            if _is_same(lock, folder):  # else it is published
                shutil.rmtree(folder)
    finally:
        os.close(lock)


def publish(folder: Path, target: Path) -> None:
    """Put a finished gallery in the place of `target`; a server that has the old one open keeps it.

    What people put beside the old gallery's files (README, licence, credits) moves along.
    """
    (folder / _OWNER).unlink()
    previous = target.with_name(f".{target.name}.previous")
    if target.exists():
        for item in target.iterdir():
            if item.name not in (*DATA_FILES, MANIFEST_NAME):
                (shutil.copytree if item.is_dir() else shutil.copy2)(item, folder / item.name)
        shutil.rmtree(previous, ignore_errors=True)
        os.rename(target, previous)
    sync_folder(folder)
    os.rename(folder, target)
    sync_folder(target.parent)
    shutil.rmtree(previous, ignore_errors=True)


def _take_lock(lock: int, folder: Path, target: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = (folder / _OWNER).read_text() if (folder / _OWNER).exists() else "unknown"
        raise GalleryError(f"Another builder (process {owner}) is at work on {target}: wait for it") from None
    if not _is_same(lock, folder):  # the other builder published this very folder in the meantime
        raise GalleryError(f"Another builder has just finished {target}: start again to replace it")


def _is_same(lock: int, folder: Path) -> bool:
    return folder.exists() and os.fstat(lock).st_ino == folder.stat().st_ino


def _clear(folder: Path) -> None:
    for item in folder.iterdir():
        shutil.rmtree(item) if item.is_dir() else item.unlink()
