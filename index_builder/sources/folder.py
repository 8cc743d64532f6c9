"""Pictures below a folder, and what a metadata file says of them."""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index_builder.sources.entry import Entry, SourceError
from index_builder.sources.metadata import METADATA_FILES, read_metadata
from stnet.gallery.manifest import is_gallery
from stnet.picture_kinds import OTHER_SUFFIXES, RAW_SUFFIXES, READ_SUFFIXES, START_LENGTH, is_picture

_LINK = "a link to a folder is not followed: index that folder by itself"
_GALLERY = "it is a gallery, not a folder of photos"
_RAW = "a camera's raw file is not read: export it as JPEG"
_NO_FILE = "it is no file but a pipe or a device"


class FolderSource:
    """Every picture below a folder, in order of its path; the path is its id, suffix included.

    A picture is what its suffix or its first bytes say is one. Whatever else could hold photos (a folder that
    can't be entered, a raw file, a link to a folder) is an entry with a problem, so that it is named. Files
    and folders whose names start with a dot are left out. A metadata.jsonl or metadata.csv describes pictures
    of its own folder: `file_name` is relative to it.

    Attributes:
        paths: of the entries, in their order.
        others: how many files were left alone because they are no pictures, by their suffix in small letters.
    """

    def __init__(self, folder: Path) -> None:
        """Raises SourceError if the folder can't be read or a metadata file is damaged."""
        self.name = folder.resolve().name
        self.others: Counter[str] = Counter()
        self._folder = folder
        self._found: dict[Path, str | None] = {}  # path -> problem
        self._metadata: dict[Path, dict[str, Any]] = {}
        for parent, folders, files in os.walk(folder, onerror=self._note_unreadable):
            kept = [Path(parent, name) for name in folders if not name.startswith(".")]
            folders[:] = [path.name for path in kept if self._is_entered(path)]
            for name in files:
                if not name.startswith(".") and name not in METADATA_FILES:
                    self._look_at(Path(parent, name))
            for name in METADATA_FILES:
                if name in files:
                    self._read_metadata(Path(parent, name))
        self.paths = sorted(self._found, key=lambda path: path.relative_to(folder).parts)

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Entry]:
        for path in self.paths:
            problem = self._found[path]
            # a name that is not UTF-8 is shown with its bytes escaped
            raw = os.fsencode(path.relative_to(self._folder).as_posix())
            identifier = raw.decode("utf-8", "backslashreplace")
            content = path if problem is None else None
            yield Entry(identifier, content, self._metadata.get(path, {}), problem)

    @property
    def pictures(self) -> int:
        """How many entries have no problem that shows before they are opened."""
        return sum(problem is None for problem in self._found.values())

    def _note_unreadable(self, error: OSError) -> None:
        path = Path(os.fsdecode(error.filename))
        if path == self._folder:
            raise SourceError(f"The folder {path} can't be read: {error.strerror}") from error
        self._found[path] = f"the folder can't be read ({error.strerror})"

    def _is_entered(self, path: Path) -> bool:
        problem = _LINK if path.is_symlink() else _GALLERY if is_gallery(path) else None
        if problem is not None:
            self._found[path] = problem
        return problem is None

    def _look_at(self, path: Path) -> None:
        suffix = path.suffix.lower()
        try:
            regular = stat.S_ISREG(path.stat().st_mode)
        except OSError:
            regular = True  # a link to nowhere: who opens it says so
        if suffix in READ_SUFFIXES:
            self._found[path] = None if regular else _NO_FILE
        elif suffix in RAW_SUFFIXES:
            self._found[path] = _RAW
        elif suffix in OTHER_SUFFIXES:
            self._found[path] = f"pictures of this kind ({suffix}) are not read"
        elif regular and _begins_like_a_picture(path):
            self._found[path] = None
        else:
            self.others[suffix] += 1

    def _read_metadata(self, path: Path) -> None:
        for file_name, values in read_metadata(path):
            self._metadata[Path(os.path.normpath(path.parent / file_name))] = values


def counted(others: Mapping[str, int]) -> str:
    """Files by their suffix, in words: "2 .mov, 1 without a suffix"."""
    return ", ".join(f"{count:,} {suffix or 'without a suffix'}" for suffix, count in sorted(others.items()))


def _begins_like_a_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_picture(file.read(START_LENGTH))
    except OSError:
        return False
