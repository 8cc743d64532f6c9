"""Where pictures come from: a folder, a `datasets` dataset, or a parquet file.

A source yields entries without decoding them: what can't be read is the builder's to skip and name.
"""

import re
from pathlib import Path

from index_builder.sources.entry import Source, SourceError
from index_builder.sources.folder import SUFFIXES, FolderSource

_HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*(@[\w./-]+)?")


def open_source(images: str, *, split: str | None = None, column: str | None = None) -> Source:
    """Find out what `images` is.

    Args:
        images: a folder of pictures, a folder or Hub id ("owner/name" or "owner/name@revision") of a dataset,
            or a parquet file.
        split: of a dataset; default "train", or the only one there is.
        column: that holds the pictures; default the only one that can.

    Raises:
        SourceError: if it is none of these, or holds no picture.
    """
    path = Path(images).expanduser()
    if path.is_file() and path.suffix == ".parquet":
        from index_builder.sources.parquet import ParquetSource

        return ParquetSource(path, column)
    if path.is_dir():
        folder = FolderSource(path)
        if len(folder):
            return folder
        if not any(path.rglob("*.parquet")) and not any(path.rglob("*.arrow")):
            raise SourceError(
                f"There is no picture in {path} (looked for {', '.join(SUFFIXES)} in all its folders)"
            )
    elif path.exists() or not _HUB_NAME.fullmatch(images):
        raise SourceError(
            f"There is no such source: {images}. Expected a folder, a .parquet file, or owner/name of a "
            f"dataset"
        )
    from index_builder.sources.dataset import DatasetSource

    return DatasetSource(images, split, column)
