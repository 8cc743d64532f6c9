"""Where pictures come from: a folder, a `datasets` dataset, or a parquet file.

A source yields entries without decoding them: what can't be read is the builder's to skip and name.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
METADATA_FILE = "metadata.jsonl"
_HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*(@[\w./-]+)?")


class SourceError(ValueError):
    """A source that can't be read at all. The text says what was expected."""


@dataclass(frozen=True)
class Entry:
    """One picture of a source.

    Attributes:
        id: stable, and what people will see: the path in the folder, or the source's own id.
        content: the file's path or bytes; None if the source has none for it.
        metadata: what the source says about it, as JSON can hold it.
    """

    id: str
    content: Path | bytes | None
    metadata: dict[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """Pictures in a fixed order."""

    name: str

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Entry]: ...


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
        from index_builder.parquet import ParquetSource

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
    from index_builder.hub_datasets import DatasetSource

    return DatasetSource(images, split, column)


def json_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a row's values that JSON can hold."""
    values = {}
    for name, value in row.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            continue
        if value is not None:
            values[name] = value
    return values


class FolderSource:
    """Every picture below a folder, in order of its path; the path is its id, suffix included.

    Files and folders whose names start with a dot are left out, and links to folders are not followed. A
    metadata.jsonl describes pictures of its own folder: one JSON object a line, `file_name` relative to it.
    """

    def __init__(self, folder: Path) -> None:
        """Raises SourceError if a metadata.jsonl is damaged."""
        self.name = folder.resolve().name
        self._folder = folder
        self._paths: list[Path] = []
        self._metadata: dict[Path, dict[str, Any]] = {}
        for parent, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            names = [name for name in files if not name.startswith(".") and name.lower().endswith(SUFFIXES)]
            self._paths += [Path(parent, name) for name in names]
            if METADATA_FILE in files:
                self._read_metadata(Path(parent, METADATA_FILE))
        self._paths.sort(key=lambda path: path.relative_to(folder).parts)

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[Entry]:
        for path in self._paths:
            # a name that is not UTF-8 is shown with its bytes escaped
            raw = os.fsencode(path.relative_to(self._folder).as_posix())
            yield Entry(raw.decode("utf-8", "backslashreplace"), path, self._metadata.get(path, {}))

    def _read_metadata(self, path: Path) -> None:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                    target = path.parent / row.pop("file_name")
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise SourceError(
                        f"{path}, line {number}: expected a JSON object with a file_name ({error})"
                    ) from error
                self._metadata[Path(os.path.normpath(target))] = json_values(row)
