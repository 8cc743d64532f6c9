"""Cutting a gallery into shards, for as many machines.

A shard is a sealed gallery of its own: a run of the whole gallery's pictures in their order, with everything
that was stored of them to the last bit. Nothing is encoded anew. It knows which row of the whole its first
picture is, so that equal scores are ordered as in the whole gallery.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from usearch.index import Index

from stnet.gallery.centroids import StoredCentroids, cluster_stored, read_centroids
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import (
    CENTROID_SCALES_NAME,
    CENTROID_SIZES_NAME,
    CENTROIDS_NAME,
    FILES_OF_VERSION,
    INDEX_DTYPE,
    INDEX_METRIC,
    INDEX_NAME,
    PATCHES_NAME,
    PICTURES_NAME,
    SCALES_NAME,
    VERSION,
    GalleryError,
    Manifest,
    is_gallery,
    read_manifest,
    seal_file,
    standing_folder,
    write_manifest,
)
from stnet.gallery.publishing import build_folder, publish, refuse_target, target_folder
from stnet.gallery.writing import ROWS_A_GROUP, SCHEMA, save_index, sync_files

SHARD_FILES = FILES_OF_VERSION[VERSION]  # not which pictures are alike: their like may lie in other shards
_CHUNK = 1024  # pictures whose features are in memory at a time


def shard_folders(folder: Path) -> list[Path]:
    """The shards in a folder, in order: those that `cut_gallery` made there.

    Raises:
        GalleryError: if there is none, one is missing, or they aren't all of one gallery.
    """
    found = [path for path in sorted(folder.iterdir()) if is_gallery(path)] if folder.is_dir() else []
    manifests = [read_manifest(standing_folder(path)) for path in found]
    check_shards(manifests, folder)
    return found


def check_shards(manifests: list[Manifest], folder: Path) -> None:
    """Stop unless these are all shards of one gallery, in order.

    Raises:
        GalleryError: saying which isn't there, or which is another's.
    """
    if not manifests:
        raise GalleryError(f"There are no shards in {folder}: cut a gallery with python -m index_builder cut")
    first, row = manifests[0], 0
    if len(manifests) != first.shards:
        raise GalleryError(f"{folder} has {len(manifests)} shards of {first.shards}: cut the gallery again")
    for number, one in enumerate(manifests):
        same = (one.whole, one.shards, one.model_fingerprint) == (
            first.whole,
            first.shards,
            first.model_fingerprint,
        )
        if not same or (one.shard, one.first_row) != (number, row):
            raise GalleryError(
                f"Shard {number} in {folder} is not the one that follows: expected row {row:,} of the "
                f"gallery {first.whole[:8]}, got row {one.first_row:,} of {one.whole[:8]}; cut it again"
            )
        row += one.rows


def cut_gallery(
    gallery: Gallery,
    shards: int,
    target: Path,
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] | None = None,
) -> list[Path]:
    """Write an open gallery's shards to target/shard-0000, target/shard-0001, ...

    Args:
        shards: how many, of sizes that differ by one picture at most.
        overwrite: replace the shards that are there.
        progress: called with the number of shards done, after each.

    Returns:
        their folders, in order.

    Raises:
        GalleryError: if `shards` is not in 1..pictures, `gallery` is a shard itself, or something else is at
            `target`.
        OSError: if the disk is full or read-only.
    """
    if not 1 <= shards <= len(gallery):
        raise GalleryError(
            f"A gallery of {len(gallery):,} pictures can be cut into as many shards at most, and 1 at least; "
            f"got {shards}"
        )
    if gallery.manifest.shards > 1:
        raise GalleryError(f"{gallery.folder} is a shard already: cut the whole gallery")
    target = target_folder(target)
    folders = [target / f"shard-{number:04d}" for number in range(shards)]
    others = (
        {path for path in target.iterdir() if is_gallery(path)} - {*folders} if target.is_dir() else set()
    )
    if is_gallery(target) or others:
        raise GalleryError(f"{target} holds other galleries: choose another folder, nothing was changed")
    for folder in folders:
        refuse_target(folder, overwrite=overwrite)
    ends = [len(gallery) * number // shards for number in range(shards + 1)]
    for number, folder in enumerate(folders):
        with build_folder(folder) as made:
            _write(gallery, made, np.arange(ends[number], ends[number + 1]))
            _seal(gallery, made, shards, number, ends[number : number + 2])
            publish(made, folder)
        if progress is not None:
            progress(number + 1)
    return folders


def _write(gallery: Gallery, folder: Path, rows: np.ndarray) -> None:
    with (folder / PATCHES_NAME).open("wb") as levels, (folder / SCALES_NAME).open("wb") as scales:
        for chunk in _chunks(rows):
            stored = gallery.patch_store.read_packed(chunk)
            levels.write(stored.levels.tobytes())
            scales.write(stored.scales.astype("<f4", copy=False).tobytes())
    centroids = StoredCentroids(*(part[rows] for part in _centroids(gallery)))
    names = (CENTROIDS_NAME, CENTROID_SCALES_NAME, CENTROID_SIZES_NAME)
    for name, values, dtype in zip(names, centroids, ("int8", "<f4", "<u2"), strict=True):
        (folder / name).write_bytes(values.astype(dtype, copy=False).tobytes())
    index = Index(ndim=gallery.manifest.dimension, metric=INDEX_METRIC, dtype=INDEX_DTYPE)
    for chunk in _chunks(rows):
        index.add(chunk - rows[0], gallery.vectors(chunk), threads=1)
    save_index(index, folder / INDEX_NAME)
    with pq.ParquetWriter(
        folder / PICTURES_NAME, SCHEMA, compression={"id": "zstd", "metadata": "zstd", "image": "none"}
    ) as pictures:
        for table in _tables(gallery, rows):
            pictures.write_table(table, row_group_size=ROWS_A_GROUP)
    sync_files(folder, SHARD_FILES)


def _chunks(rows: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def _centroids(gallery: Gallery) -> StoredCentroids:
    """As they are stored; a gallery of version 2 has none, and they are made as a rebuild would."""
    if CENTROIDS_NAME in gallery.manifest.files:
        return read_centroids(standing_folder(gallery.folder), gallery.manifest)
    return cluster_stored(gallery.patch_store, len(gallery))


def _tables(gallery: Gallery, rows: np.ndarray) -> Iterator[pa.Table]:
    """The pictures of a run of rows, a row group at a time, under the names that they have in the whole."""
    first, after = int(rows[0]), int(rows[-1]) + 1
    with pq.ParquetFile(standing_folder(gallery.folder) / PICTURES_NAME) as file:
        start = 0
        for group in range(file.num_row_groups):
            end = start + file.metadata.row_group(group).num_rows
            if start < after and end > first:
                table = file.read_row_group(group)
                yield table.slice(max(first - start, 0), min(after, end) - max(first, start)).cast(SCHEMA)
            start = end


def _seal(gallery: Gallery, folder: Path, shards: int, number: int, ends: list[int]) -> None:
    manifest = replace(
        gallery.manifest,
        rows=ends[1] - ends[0],
        shards=shards,
        shard=number,
        first_row=ends[0],
        whole=gallery.manifest.files[PATCHES_NAME].sha256,
        files={name: seal_file(folder / name) for name in SHARD_FILES},
    )
    write_manifest(folder, manifest)
