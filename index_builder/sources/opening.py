"""Where pictures come from: a folder, a `datasets` dataset, or a parquet file.

A source yields entries without decoding them: what can't be read is the builder's to skip and name.
"""

import re
from pathlib import Path

from index_builder.sources.entry import Entry, Source, SourceError
from index_builder.sources.folder import FolderSource, counted
from index_builder.sources.left_out import WithLeftOut
from index_builder.sources.parquet import ParquetSource, picture_rows
from stnet.gallery.manifest import PICTURES_NAME, is_gallery, standing_folder
from stnet.picture_kinds import format_names

_HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*(@[\w./-]+)?")
_SAVED = ("state.json", "dataset_dict.json")  # what datasets' save_to_disk writes
_BESIDE_DATASET = "it lies beside the data set that was read: index its folder by itself"
_BESIDE_PHOTOS = "it holds {rows:,} pictures, fewer than lie here as files: give it to --images by itself"


def open_source(images: str, *, split: str | None = None, column: str | None = None) -> Source:
    """Find out what `images` is.

    Args:
        images: a folder of pictures, a folder or Hub id ("owner/name" or "owner/name@revision") of a dataset,
            a parquet file, or a gallery. A folder that holds both pictures and parquet files with pictures is
            read as what it holds more of; the others are named.
        split: of a dataset; default "train", or the only one there is.
        column: that holds the pictures; default the only one that can.

    Raises:
        SourceError: if it is none of these, or holds no picture.
    """
    path = Path(images).expanduser()
    if path.is_file() and path.suffix == ".parquet":
        return ParquetSource(path, column)
    if path.is_dir():
        return _open_folder(path, split, column)
    if path.exists() or not _HUB_NAME.fullmatch(images):
        raise SourceError(
            f"There is no such source: {images}. Expected a folder, a .parquet file, or owner/name of a "
            f"dataset"
        )
    return _open_dataset(images, split, column)


def _open_folder(path: Path, split: str | None, column: str | None) -> Source:
    if is_gallery(path):
        return ParquetSource(standing_folder(path) / PICTURES_NAME, column)
    if any((path / name).is_file() for name in _SAVED):
        return _open_dataset(str(path), split, column)
    folder = FolderSource(path)
    tables = {table: picture_rows(table) for table in _tables(path)}
    rows = sum(tables.values())
    if rows > folder.pictures or (tables and not folder.pictures):
        left_out = {
            path: Entry(entry.id, None, problem=entry.problem or _BESIDE_DATASET)
            for path, entry in zip(folder.paths, folder, strict=True)
        }
        return WithLeftOut(_open_dataset(str(path), split, column), left_out)
    if not len(folder):
        seen = counted(folder.others)
        raise SourceError(
            f"There is no picture in {path}: looked for {format_names()} in all its folders, found "
            f"{seen or 'no file at all'}"
        )
    if not rows:
        return folder
    left_out = {
        table: Entry(table.relative_to(path).as_posix(), None, problem=_BESIDE_PHOTOS.format(rows=count))
        for table, count in tables.items()
        if count
    }
    return WithLeftOut(folder, left_out)


def _tables(path: Path) -> list[Path]:
    """The parquet files below a folder; those of galleries are copies of pictures, and no dataset."""
    return [
        table
        for table in sorted(path.rglob("*.parquet"))
        if not any(part.startswith(".") for part in table.relative_to(path).parts)
        and not is_gallery(table.parent)
    ]


def _open_dataset(images: str, split: str | None, column: str | None) -> Source:
    from index_builder.sources.dataset import DatasetSource

    return DatasetSource(images, split, column)
