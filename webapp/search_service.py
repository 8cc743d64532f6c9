"""One way from a query to an answer that can be shown, for people and machines alike."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr
from PIL import Image

from stnet.cache import cache_folder
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import GalleryError, read_manifest, standing_folder
from stnet.search import SearchEngine, SearchError, SearchResponse
from stnet.search.browsing import DEFAULT_PICTURES, GalleryPage, browse
from stnet.search.calibration import Known
from stnet.search.filtering import Field
from stnet.search.finding import found_by_words
from stnet.search.kept_calibration import recall
from stnet.search.opening import AFAR
from webapp.accelerator import on_accelerator
from webapp.canvas import SketchError
from webapp.compare.ranking import Comparison, compare_systems
from webapp.files.shelf import PictureShelf
from webapp.gallery_switch import YOURS
from webapp.photos import GONE, PhotosError, PrivateGallery
from webapp.share.link import LinkError

WAITING = 32  # searches that may queue; who comes then hears at once that the server is full
UNREADABLE = (
    "A file of this gallery can't be read just now, so this search failed. Others may work; the server's log "
    "says more."
)
Found = TypeVar("Found")


@dataclass(frozen=True)
class Answer:
    """A response with the paths of its pictures, in order, and the shelf where they are.

    `own` says that it is from a visitor's own photos: nobody else may see any of it.
    """

    response: SearchResponse
    pictures: list[str]
    shelf: PictureShelf
    own: bool = False

    def paint_heatmaps(self) -> list[str | None]:
        """The paths of the pictures with their heat maps, in order; None for "similar".

        Painting takes as long as the search: only for who gets the files. The page draws the heat itself.
        """
        return self.shelf.put_heatmaps(self.response)


@dataclass(frozen=True)
class Wall:
    """Pictures of a gallery without a query, with their paths, in order; `own` as an answer has it."""

    page: GalleryPage
    pictures: list[str]
    own: bool = False


class Answerer:
    """Searches, and puts the pictures where the server may hand them out.

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
        self.shelf = PictureShelf()
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
            self._compute(task, name)
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

    def search(
        self,
        sketch: Image.Image | None,
        text: str | None,
        top_k: int,
        balance: float = 0.0,
        *,
        exclude: str | None = None,
        unlike: Any = None,
        several: bool = False,
        hide_duplicates: bool = False,
        names: Any = None,
        sought: Any = None,
        gallery: Any = None,
        photos: PrivateGallery | None = None,
        offset: int = 0,
        filters: Any = None,
    ) -> Answer:
        """Search by a drawing, words, or both; `balance` weighs them, -1 (words alone) to 1 (drawing alone).

        Args:
            exclude: words for what to leave out.
            unlike: ids of pictures to turn away from; None for none.
            several: search for each thing that is drawn apart.
            hide_duplicates: show of near-duplicates the gallery's first alone.
            names: of these things, from left to right; None for none.
            sought: id of a picture whose rank is wanted; None for none.
            gallery: the name of one of `galleries`; None for the first.
            photos: a visitor's own gallery, to be searched instead of the server's.
            offset: how many results to leave out before the first.
            filters: by field of the metadata, a value or several; None for none.

        Raises:
            SearchError: for a query that can't be answered, or a gallery that isn't there.
        """
        task = partial(
            SearchEngine.search,
            sketch=sketch,
            text=text,
            top_k=top_k,
            balance=balance,
            exclude=exclude,
            unlike=[] if unlike is None else unlike,
            several=several,
            hide_duplicates=hide_duplicates,
            offset=offset,
            filters=filters,
            names=[] if names is None else names,
            sought=sought,
        )
        place = self._place(gallery, photos)
        with _readable(photos):
            return self._answer(self._compute(task, place), photos)

    def similar(
        self,
        id: Any,
        top_k: int,
        region: Any = None,
        *,
        image: Image.Image | None = None,
        text: str | None = None,
        gallery: Any = None,
        photos: PrivateGallery | None = None,
        offset: int = 0,
        filters: Any = None,
    ) -> Answer:
        """Search by a picture of the gallery or another one, by one region of it, and by words beside it.

        Args:
            id: of a picture of the gallery; None for an `image`.
            region: x0, y0, x1, y1 in 0..1 of the picture.
            gallery: the name of one of `galleries`; None for the first.
            photos: a visitor's own gallery, to be searched instead of the server's.
            offset: how many results to leave out before the first.
            filters: by field of the metadata, a value or several; None for none.

        Raises:
            SearchError: if there is no such picture, region or gallery, or top_k is out of range.
        """
        if id is not None and not isinstance(id, str):
            raise SearchError(f"The id must be text, got {type(id).__name__}")
        task = partial(
            SearchEngine.similar,
            id=id,
            top_k=top_k,
            region=region,
            image=image,
            text=text,
            offset=offset,
            filters=filters,
        )
        place = self._place(gallery, photos)
        with _readable(photos):
            if image is not None or text or region is not None:
                return self._answer(self._compute(task, place), photos)
            with self._engine_for(place) as engine:  # by the index alone: no visitor's GPU time
                return self._answer(task(engine), photos)

    def compare(
        self,
        sketch: Image.Image | None,
        text: str | None,
        top_k: int,
        systems: Sequence[str],
        *,
        gallery: Any = None,
        photos: PrivateGallery | None = None,
    ) -> Comparison:
        """What two systems find for a drawing, words, or both; see `compare_systems` and `search`."""
        task = partial(compare_systems, systems=systems, sketch=sketch, text=text, top_k=top_k)
        place = self._place(gallery, photos)
        with _readable(photos):
            compared = self._compute(task, place)
            shelf = self.shelf if photos is None else photos.shelf
            return Comparison(compared, [shelf.put_results(column.results) for column in compared.columns])

    def browse(
        self,
        offset: int = 0,
        count: int = DEFAULT_PICTURES,
        *,
        gallery: Any = None,
        photos: PrivateGallery | None = None,
        filters: Any = None,
    ) -> Wall:
        """Pictures of a gallery without a query; nothing is computed for it.

        Args:
            offset: how many come before them in the gallery's browsing order.
            gallery: the name of one of `galleries`; None for the first.
            photos: a visitor's own gallery, to be looked at instead of the server's.
            filters: by field of the metadata, a value or several; None for none.

        Raises:
            SearchError: for numbers out of range, or a gallery, a field or a value that isn't there.
        """
        place = self._place(gallery, photos)
        with _readable(photos), self._engine_for(place) as engine:
            page = browse(engine.gallery, offset, count, engine.fields.rows(filters))
            shelf = self.shelf if photos is None else photos.shelf
            stored = [shelf.put_stored(one.picture_bytes, one.picture_format) for one in page.pictures]
        return Wall(page, stored, own=photos is not None)

    def found_by_words(self, words: Mapping[int, str], first: int, *, gallery: Any = None) -> list[int]:
        """Which rows of a gallery come among the `first` results for their words, by row.

        Raises:
            SearchError: for a gallery that isn't there.
        """
        return self._compute(partial(found_by_words, words=words, first=first), self._place(gallery, None))

    def gallery(self, name: Any = None) -> Gallery:
        """The server's gallery of this name, to be looked at; None for the first.

        Raises:
            SearchError: if there is none, or other machines hold it.
        """
        gallery = self._engines[str(self._place(name, None))].gallery
        if not gallery.is_here:
            raise SearchError(AFAR)
        return gallery

    def _place(self, gallery: Any, photos: PrivateGallery | None) -> str | Path:
        """Where to search: the name of a gallery of the server's, or the folder of a visitor's own."""
        if photos is not None:
            return photos.folder
        if gallery is None:
            return next(iter(self._engines))
        if not isinstance(gallery, str) or gallery not in self._engines:
            offered = ", ".join(map(repr, self._engines))
            raise SearchError(f"This server has no gallery {str(gallery)[:200]!r}; it has {offered}")
        return gallery

    def _compute(self, task: Callable[[SearchEngine], Found], place: str | Path) -> Found:
        """What `task` finds with the model; what was measured on the way is kept in this process."""
        found, known = self._lent(task, place, self.engine.calibration.known())
        self.engine.calibration.keep(known)
        return found

    def _run(
        self, task: Callable[[SearchEngine], Found], place: str | Path, known: Known
    ) -> tuple[Found, Known]:
        """The part that runs where the accelerator is, perhaps in another process."""
        with self._engine_for(place) as engine:
            engine.calibration.keep(known)
            return task(engine), engine.calibration.known()

    @contextmanager
    def _engine_for(self, place: str | Path) -> Iterator[SearchEngine]:
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

    def _answer(self, response: SearchResponse, photos: PrivateGallery | None) -> Answer:
        shelf = self.shelf if photos is None else photos.shelf
        return Answer(response, shelf.put(response), shelf, own=photos is not None)


@contextmanager
def _readable(photos: PrivateGallery | None) -> Iterator[None]:
    """Say what has happened if a gallery is removed, or its files are damaged, while it is searched."""
    try:
        yield
    except (GalleryError, OSError) as error:
        if photos is not None and photos.deleted:
            raise PhotosError(GONE) from error
        if not isinstance(error, GalleryError):
            raise
        print(f"* A search failed: {' '.join(str(error).split())}", file=sys.stderr)
        raise SearchError(UNREADABLE) from error


@contextmanager
def refusals() -> Iterator[None]:
    """Give the text of a refusal to whoever asked; any other failure stays in the server's log."""
    try:
        yield
    except (SearchError, SketchError, LinkError) as error:
        raise gr.Error(str(error), print_exception=False, title="That can't be searched") from error


def slots() -> int:
    """Searches at a time, whichever door they come through.

    The engine lets no more compute than there are cores; the others write pictures.
    """
    return max(2, os.cpu_count() or 1)
