"""Pictures below a folder, and what a metadata.jsonl says of them."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index_builder.sources.entry import Entry, SourceError, json_values

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


METADATA_FILE = "metadata.jsonl"


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
