"""The galleries of one server: opened, measured, renewed, and where tasks are run in them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from stnet.cache import cache_folder
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import GalleryError, read_manifest, standing_folder
from stnet.search import SearchEngine, SearchError
from stnet.search.calibration import Known
from stnet.search.filtering import Field
from stnet.search.kept_calibration import recall
from stnet.search.opening import AFAR
from webapp.accelerator import on_accelerator
from webapp.gallery_switch import YOURS

Found = TypeVar("Found")


class ServedGalleries:
    """Galleries by name, under one model; a visitor's own, by its folder, is looked into as they are.

    Attributes:
        galleries: how many pictures each gallery of the server has, by its name; the first is the default.
        engine: the one of the first gallery.
    """

    def __init__(self, *engines: SearchEngine) -> None:
        """Serve the galleries of these engines, which share one model (`SearchEngine.on`).

        Raises:
            ValueError: if two galleries have the same name, or one has that of visitors' own photos.
        """
        names = [engine.gallery.name for engine in engines]
        for name in names:
            if names.count(name) > 1 or name == YOURS:
                raise ValueError(
                    f"The name {name!r} is taken: every gallery of a server needs one of its own. Build it "
                    f"with python -m index_builder --name"
                )
        self._engines = dict(zip(names, engines, strict=True))
        self.galleries = {engine.gallery.name: len(engine.gallery) for engine in engines}
        self.engine = engines[0]
        # one function for all that the accelerator does: ZeroGPU keeps a process for each
        self._lent = on_accelerator(self._run)

    def recall(self) -> None:
        """Take over what earlier starts have measured and kept on disk, which is quick."""
        for engine in self._engines.values():
            if engine.gallery.is_here:
                recall(engine.calibration, engine.gallery, cache_folder(), engine.loaded.fingerprint)

    def calibrate(self) -> None:
        """Measure what a close match needs, which the first visitor would wait for, and keep it on disk."""
        task = partial(SearchEngine.calibrate, folder=cache_folder())
        for name in self.galleries:
            self.compute(task, name)
            self.fields(name)

    def fields(self, gallery: str) -> list[Field]:
        """What a person can filter a gallery of the server's by; nothing for another name."""
        engine = self._engines.get(gallery)
        return [] if engine is None else engine.fields.offered()

    def renew(self) -> list[str]:
        """Take the galleries that were replaced since they were opened; a search ends in the one it began in.

        Returns:
            the names of these galleries.

        Raises:
            GalleryError: if one is damaged, another model's, or has another name. It is served as it was.
        """
        renewed = []
        for name, engine in list(self._engines.items()):
            folder = engine.gallery.folder
            if not engine.gallery.is_here:
                continue  # the machines that hold it take a new one
            if read_manifest(standing_folder(folder)) == engine.gallery.manifest:
                continue
            gallery = Gallery.open(folder)
            if gallery.name != name:
                raise GalleryError(f"{folder} is called {gallery.name!r} now: start the server again")
            fresh = engine.on(gallery)
            fresh.calibrate(cache_folder())
            self._engines[name], self.galleries[name] = fresh, len(gallery)
            if engine is self.engine:
                self.engine = fresh
            renewed.append(name)
        return renewed

    def gallery(self, name: Any = None) -> Gallery:
        """The server's gallery of this name, to be looked at; None for the first.

        Raises:
            SearchError: if there is none, or other machines hold it.
        """
        gallery = self._engines[self.named(name)].gallery
        if not gallery.is_here:
            raise SearchError(AFAR)
        return gallery

    def named(self, gallery: Any) -> str:
        """The name of a gallery of the server's, as a visitor gave it; None for the first.

        Raises:
            SearchError: if there is none of this name.
        """
        if gallery is None:
            return next(iter(self._engines))
        if not isinstance(gallery, str) or gallery not in self._engines:
            offered = ", ".join(map(repr, self._engines))
            raise SearchError(f"This server has no gallery {str(gallery)[:200]!r}; it has {offered}")
        return gallery

    def compute(self, task: Callable[[SearchEngine], Found], place: str | Path) -> Found:
        """What `task` finds with the model; what was measured on the way is kept in this process."""
        found, known = self._lent(task, place, self.engine.calibration.known())
        self.engine.calibration.keep(known)
        return found

    def _run(
        self, task: Callable[[SearchEngine], Found], place: str | Path, known: Known
    ) -> tuple[Found, Known]:
        """The part that runs where the accelerator is, perhaps in another process."""
        with self.engine_for(place) as engine:
            engine.calibration.keep(known)
            return task(engine), engine.calibration.known()

    @contextmanager
    def engine_for(self, place: str | Path) -> Iterator[SearchEngine]:
        """The engine on a gallery of the server's, or on that of a folder, which is opened for one search.

        That takes some milliseconds, and nothing stays open of what a visitor may remove at any time. Names
        and paths can be sent to the process that has the accelerator, which an open gallery can't.
        """
        if isinstance(place, str):
            yield self._engines[place]
            return
        gallery = Gallery.open(place, verify=False)  # this server has just written it
        try:
            yield self.engine.on(gallery)
        finally:
            gallery.close()
