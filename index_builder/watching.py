"""Keeping a gallery like a folder: looks at names, sizes and times, and a change where they differ.

What was seen last is kept beside the gallery, so that nothing is encoded again when the watch is taken up.
"""

import json
import logging
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from index_builder.building import build_gallery
from index_builder.changing import add_pictures
from index_builder.settings import BuildSettings
from index_builder.sources.entry import Entry, SourceError
from index_builder.sources.folder import FolderSource
from stnet.checkpoint import LoadedModel
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import is_gallery
from stnet.gallery.publishing import target_folder
from stnet.gallery.writing import metadata_text

SEEN_NAME = ".watched.json"
_LOGGER = logging.getLogger(__name__)
# id -> size in bytes, time of the last change in nanoseconds, and a sum over the metadata
Seen = Mapping[str, str]


class Watch:
    """A folder of photos and the gallery that shall be like it."""

    def __init__(
        self,
        folder: Path,
        target: Path,
        loaded: LoadedModel,
        *,
        name: str | None = None,
        settings: BuildSettings | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """See `build_gallery` for the arguments; the gallery need not be there yet.

        Raises GalleryError if there is one that is damaged or another model's.
        """
        self._folder, self._target, self._loaded = folder, target_folder(target), loaded
        self._name, self._settings, self._progress = name, settings, progress
        self._before: Seen | None = None
        self._failed: Seen | None = None
        if is_gallery(self._target):
            gallery = Gallery.open(self._target)
            gallery.close()
            gallery.refuse_other_model(loaded.fingerprint, loaded.name)

    def look(self) -> bool:
        """Change the gallery if the folder differs from it and two looks in a row saw the same.

        Pictures that are still being copied change from look to look; so nothing is read half. What can't be
        done is logged and tried again when the folder changes.

        Returns:
            whether there is a new gallery.

        Raises:
            OSError: if the disk is full or broken.
        """
        try:
            source = FolderSource(self._folder)
        except SourceError as error:
            if self._before is not None:
                _LOGGER.warning("%s", error)
            self._before = None
            return False
        now = _seen(source)
        stable, self._before = now == self._before, now
        if not stable or now == self._failed or now == self._known():
            return False
        try:
            self._change(source, now)
        except ValueError as error:
            self._failed = now
            _LOGGER.warning("no change: %s", error)
            return False
        _write_seen(self._target / SEEN_NAME, now)
        return True

    def _known(self) -> Seen | None:
        """What the folder was when the gallery was last made like it; None if nobody knows."""
        if not is_gallery(self._target):
            return None
        try:
            content = json.loads((self._target / SEEN_NAME).read_bytes())
            return {str(id): str(state) for id, state in content.items()}
        except (OSError, ValueError, AttributeError):
            return None

    def _change(self, source: FolderSource, now: Seen) -> None:
        if not is_gallery(self._target):
            report = build_gallery(
                source,
                self._loaded,
                self._target,
                name=self._name,
                settings=self._settings,
                progress=self._progress,
            )
            _log(self._target, {"skipped": [item["id"] for item in report.skipped]}, report.indexed)
            return
        known = self._known() or {}
        differing = {id for id, state in now.items() if known.get(id) != state}
        gone = _ids(self._target) - set(now)
        changed = add_pictures(
            self._target,
            _Chosen(source, differing),
            self._loaded,
            renew=True,
            remove=gone,
            settings=self._settings,
            progress=self._progress,
        )
        skipped = [f"{item['id']} ({item['reason']})" for item in changed.skipped]
        groups = {"added": changed.added, "replaced": changed.replaced, "removed": changed.removed}
        _log(self._target, groups | {"skipped": skipped}, changed.size)


class _Chosen:
    """Some entries of a folder."""

    def __init__(self, source: FolderSource, ids: set[str]) -> None:
        self.name = source.name
        self._source, self._ids = source, ids

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Entry]:
        return (entry for entry in self._source if entry.id in self._ids)


def _seen(source: FolderSource) -> Seen:
    found = {}
    for entry, path in zip(source, source.paths, strict=True):
        described = zlib.crc32(metadata_text(entry.metadata).encode())
        found[entry.id] = f"{_state(path)} {described:08x}"
    return found


def _state(path: Path) -> str:
    try:
        state = path.stat()
    except OSError:  # gone again, or a link to nowhere
        return "absent"
    # a gallery among the photos changes whenever it is changed
    return "folder" if stat.S_ISDIR(state.st_mode) else f"{state.st_size} {state.st_mtime_ns}"


def _ids(target: Path) -> set[str]:
    gallery = Gallery.open(target, verify=False)
    try:
        return {gallery.id(row) for row in range(len(gallery))}
    finally:
        gallery.close()


def _log(target: Path, groups: Mapping[str, list[str]], size: int) -> None:
    for kind, ids in groups.items():
        for id in ids:
            _LOGGER.info("%s %s", kind, id)
    _LOGGER.info("%s has %d pictures now", target, size)


def _write_seen(path: Path, seen: Seen) -> None:
    temporary = path.with_name(f"{path.name}.partial")
    temporary.write_text(json.dumps(seen))
    os.replace(temporary, path)
