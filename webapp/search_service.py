"""One way from a query to an answer that can be shown, for people and machines alike."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from stnet.gallery.manifest import GalleryError
from stnet.search import SearchEngine, SearchError, SearchResponse
from stnet.search.browsing import DEFAULT_PICTURES, GalleryPage, browse
from stnet.search.finding import found_by_words
from webapp.canvas import SketchError
from webapp.compare.ranking import Comparison, compare_systems
from webapp.files.shelf import PictureShelf
from webapp.photos import GONE, PhotosError, PrivateGallery
from webapp.served_galleries import ServedGalleries
from webapp.share.link import LinkError

WAITING = 32  # searches that may queue; who comes then hears at once that the server is full
UNREADABLE = (
    "A file of this gallery can't be read just now, so this search failed. Others may work; the server's log "
    "says more."
)


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


class Answerer(ServedGalleries):
    """Searches, and puts the pictures where the server may hand them out, on its `shelf`."""

    def __init__(self, *engines: SearchEngine) -> None:
        """Serve the galleries of these engines; see ServedGalleries for what is raised."""
        super().__init__(*engines)
        self.shelf = PictureShelf()

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
        guess: bool = True,
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
            guess: whether the names that the drawing is taken for count as said.
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
            guess=guess,
        )
        place = self._place(gallery, photos)
        with _readable(photos):
            return self._answer(self.compute(task, place), photos)

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
                return self._answer(self.compute(task, place), photos)
            with self.engine_for(place) as engine:  # by the index alone: no visitor's GPU time
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
            compared = self.compute(task, place)
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
        with _readable(photos), self.engine_for(place) as engine:
            page = browse(engine.gallery, offset, count, engine.fields.rows(filters))
            shelf = self.shelf if photos is None else photos.shelf
            stored = [shelf.put_stored(one.picture_bytes, one.picture_format) for one in page.pictures]
        return Wall(page, stored, own=photos is not None)

    def found_by_words(self, words: Mapping[int, str], first: int, *, gallery: Any = None) -> list[int]:
        """Which rows of a gallery come among the `first` results for their words, by row.

        Raises:
            SearchError: for a gallery that isn't there.
        """
        return self.compute(partial(found_by_words, words=words, first=first), self.named(gallery))

    def _place(self, gallery: Any, photos: PrivateGallery | None) -> str | Path:
        """Where to search: the name of a gallery of the server's, or the folder of a visitor's own."""
        return self.named(gallery) if photos is None else photos.folder

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
