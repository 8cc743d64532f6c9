"""Sealed shards: what a build that is cut off has finished, and the next one goes on from.

A shard is a folder with the pictures and features of so many neighbours of the source, and `shard.json`,
which is written last: the entries that it was made from, those that were skipped, and the checksum of every
file. Without it the folder is the rest of a killed builder.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index_builder.preparing import Skipped
from index_builder.sources.entry import Entry
from stnet.gallery.encoding import Features
from stnet.gallery.manifest import PICTURES_NAME, FileSeal, GalleryError, seal_file, sync_folder
from stnet.gallery.writing import FLAT_FILES, Record, RecordsWriter, metadata_text, sync_files

VECTORS_NAME = "vectors.f4"
SEAL_NAME = "shard.json"
_FILES = (*FLAT_FILES, PICTURES_NAME, VECTORS_NAME)


@dataclass(frozen=True)
class ShardSeal:
    """The content of shard.json.

    Attributes:
        entries: how many of the source it was made from, the skipped ones among them.
        digest: `entries_digest` of these.
        rows: pictures in it.
        skipped: id and reason of every entry that is not.
        files: size and SHA-256 of each.
    """

    entries: int
    digest: str
    rows: int
    skipped: list[Skipped]
    files: dict[str, FileSeal]


class EntriesDigest:
    """Knows entries again without decoding them: by id, metadata, and a file's size and time or bytes."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, entry: Entry) -> None:
        """One more entry; the order counts."""
        known = [entry.id, metadata_text(entry.metadata), entry.problem or "", _content(entry.content)]
        self._hash.update(json.dumps(known).encode())

    def text(self) -> str:
        """Of all entries up to now."""
        return self._hash.hexdigest()


def entries_digest(entries: Iterable[Entry]) -> str:
    """The digest of these entries."""
    digest = EntriesDigest()
    for entry in entries:
        digest.add(entry)
    return digest.text()


def _content(content: Path | bytes | None) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    if content is None:
        return ""
    try:
        state = content.stat()
    except OSError as error:
        return f"{content}: {error.strerror}"
    return f"{content.resolve()}: {state.st_size} bytes, {state.st_mtime_ns}"


class ShardWriter(RecordsWriter):
    """Appends pictures and their features to the files of a shard in the making."""

    def __init__(self, folder: Path, format: str) -> None:
        """Raises FileExistsError if something is left there."""
        folder.mkdir()
        super().__init__(folder, format)
        self._folder = folder
        self._vectors = (folder / VECTORS_NAME).open("wb")

    def add(self, records: Sequence[Record], made: Features) -> None:
        """Append N pictures with their features, all of them usable."""
        self._vectors.write(made.vectors.astype("<f4", copy=False).tobytes())
        super().add(records, made)

    def close(self) -> None:
        """Release the files."""
        super().close()
        self._vectors.close()

    def seal(self, entries: int, digest: str, skipped: list[Skipped]) -> ShardSeal:
        """Finish it: from now on it survives whatever ends the build."""
        self._write_rest()
        self.close()
        sync_files(self._folder, _FILES)
        files = {name: seal_file(self._folder / name) for name in _FILES}
        seal = ShardSeal(entries, digest, self.rows, skipped, files)
        _write_seal(self._folder, seal)
        return seal


def _write_seal(folder: Path, seal: ShardSeal) -> None:
    temporary = folder / f".{SEAL_NAME}.partial"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(seal)))
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, folder / SEAL_NAME)
    sync_folder(folder)
    sync_folder(folder.parent)


def read_seal(folder: Path) -> ShardSeal:
    """What a shard holds, after a look at every byte of it.

    Raises:
        GalleryError: if it isn't sealed, or damaged.
    """
    try:
        content = json.loads((folder / SEAL_NAME).read_bytes())
        content["skipped"] = [Skipped(*item) for item in content["skipped"]]
        content["files"] = {name: FileSeal(**content["files"][name]) for name in _FILES}
        seal = ShardSeal(**content)
        damaged = [name for name in _FILES if seal_file(folder / name) != seal.files[name]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GalleryError(f"The shard {folder} is not sealed: {error}") from error
    if damaged:
        raise GalleryError(f"The shard {folder} is damaged: {', '.join(damaged)}")
    return seal
