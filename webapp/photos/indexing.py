"""From uploaded copies of photos to a gallery, by the index builder, in turns with the searches."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from PIL import Image

from index_builder.building import BuildReport, build_gallery
from index_builder.settings import BuildSettings
from index_builder.sources.entry import Entry
from stnet.gallery.encoding import Features, embed
from stnet.search import SearchEngine
from webapp.accelerator import on_accelerator
from webapp.photos.choice import SIDE, Photo

NAME = "your photos"
BATCH = 16  # photos encoded at a time: a search waits no longer than that


class PhotoIndexer:
    """Builds galleries with one engine, one for all visitors: ZeroGPU keeps a process for each function."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._lent = on_accelerator(self._encode)

    def index(self, photos: Sequence[Photo], folder: Path, progress: Callable[[int], None]) -> BuildReport:
        """Build a gallery at folder/gallery; each uploaded copy is deleted as soon as it is read.

        Args:
            folder: only this process's user can enter it.
            progress: called with the number of photos done, after each. What it raises ends the build.

        Raises:
            SourceError: if not one photo could be read.
            OSError: if the folder is gone or the disk is full.
        """
        return build_gallery(
            _Copies(photos, folder / "photos"),
            self._engine.loaded,
            folder / "gallery",
            name=NAME,
            # no threads: a copy is deleted when the next is asked for, and searches need the cores
            settings=BuildSettings(picture_size=SIDE, batch_size=BATCH, threads=0),
            progress=progress,
            encode=self._lent,
        )

    def _encode(self, pictures: list[Image.Image]) -> Features:
        """The part that runs where the accelerator is, perhaps in another process."""
        with self._engine.computing():
            return embed(self._engine.loaded.model, self._engine.loaded.processor, pictures)


class _Copies:
    """The photos, moved at once to where the server hands out nothing."""

    name = NAME

    def __init__(self, photos: Sequence[Photo], folder: Path) -> None:
        folder.mkdir()
        self._entries: list[Entry] = []
        for number, photo in enumerate(photos):
            moved = folder / str(number)
            with suppress(OSError):  # what didn't arrive is named by the builder
                os.replace(photo.copy, moved)
                photo.copy.parent.rmdir()  # each upload has a folder of its own
            self._entries.append(Entry(photo.name, moved))

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            yield entry
            assert isinstance(entry.content, Path)
            entry.content.unlink(missing_ok=True)
