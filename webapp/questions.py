"""What the page asks, on its way to an answer: whose turn it is, and where it is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from stnet.search import SearchError
from stnet.search.filtering import Field
from stnet.search.query import MOST_RESULTS
from webapp.api.http import heatmap_addresses
from webapp.arrivals import arrived
from webapp.compare.ranking import Comparison
from webapp.compare.wording import NOT_SUCH
from webapp.gallery_switch import YOURS
from webapp.photos import PhotosError, PrivateGallery
from webapp.photos.panel import PhotosPanel
from webapp.query import ChosenFilters, PageQuery
from webapp.search_service import Answer, Answerer, Wall, refusals
from webapp.shown_filters import ShownFilters
from webapp.turns import Turns


@dataclass(frozen=True)
class Asked:
    """A query, where the visitor wanted it searched, and its answer."""

    query: PageQuery
    where: str
    answer: Answer


class Questions:
    """Asks for the visitors of one page."""

    def __init__(self, answerer: Answerer, photos: PhotosPanel) -> None:
        self._answerer, self._photos, self._turns = answerer, photos, Turns()

    def ask(self, query: PageQuery, where: str, request: gr.Request) -> Asked | None:
        """The answer to a query where it is wanted, or None if the visitor has asked again since.

        Raises:
            gr.Error: with the reason, for a query that can't be answered.
        """
        turn = self._turns.begin(str(request.session_hash), arrived(request))
        if self._turns.overtaken(turn):
            return None
        with refusals():
            answer = self._answer(query, self._photos.gallery(where, request))
        return None if self._turns.overtaken(turn) else Asked(query, where, answer)

    def compare(
        self, query: PageQuery, where: str, systems: Sequence[str], request: gr.Request
    ) -> Comparison:
        """What two systems find for a query's drawing and words.

        Raises:
            SearchError, SketchError: if that can't be said, with the reason.
        """
        if query.like is not None or (query.sketch is not None and query.sketch.photograph() is not None):
            raise SearchError(NOT_SUCH)
        picture = query.sketch.draw() if query.sketch else None
        photos = self._photos.gallery(where, request)
        return self._answerer.compare(
            picture, query.text, query.top_k, systems, gallery=query.gallery, photos=photos
        )

    def after(self, query: PageQuery, where: str, request: gr.Request, offset: int) -> Answer:
        """What comes after the first `offset` results of a query; no newer question overtakes it.

        Raises:
            SearchError, SketchError: with the reason, for a query that can't be answered any more.
        """
        return self._answer(query, self._photos.gallery(where, request), offset)

    def pages(self, query: PageQuery, where: str, request: gr.Request, count: int) -> Iterator[Answer]:
        """The answer to a query, `count` results of it; like `after`."""
        for offset in range(0, count, MOST_RESULTS):
            page = replace(query, top_k=min(MOST_RESULTS, count - offset))
            yield self.after(page, where, request, offset)

    def wall(self, query: PageQuery | None, where: str, request: gr.Request, offset: int) -> Wall:
        """Pictures of what is chosen, without a query but for its filters.

        Raises:
            SearchError: if it isn't there any more.
        """
        photos = self._photos.gallery(where, request)
        filters = {} if query is None else dict(query.filters)
        return self._answerer.browse(
            offset, gallery=None if photos else where, photos=photos, filters=filters
        )

    def fields(self, where: str) -> list[Field]:
        """What the chosen gallery can be filtered by; nothing for a visitor's photos."""
        return self._answerer.fields(where)

    def kept_filters(self, shown: ShownFilters | None, where: str) -> ChosenFilters:
        """Those of what is shown, as long as it is of the same gallery."""
        same = shown is not None and where != YOURS and shown.gallery == self.gallery(where)
        return shown.filters if shown is not None and same else ()

    def forget(self, request: gr.Request) -> bool:
        """What the visitor has asked is not to be shown any more; False if they have asked again since."""
        return not self._turns.overtaken(self._turns.begin(str(request.session_hash), arrived(request)))

    def gallery(self, where: str) -> str | None:
        """What a query of the page names as its gallery, for what is chosen; see `PageQuery`."""
        return None if where == YOURS or len(self._answerer.galleries) == 1 else where

    def is_there(self, where: object, request: gr.Request) -> bool:
        """Whether something of this name can be searched: of the server's, or the visitor's photos."""
        if where != YOURS:
            return where in self._answerer.galleries
        try:
            return self._photos.gallery(YOURS, request) is not None
        except PhotosError:
            return False

    def heatmaps(self, query: PageQuery, address: str) -> list[str | None]:
        """For a download: the addresses of the heat maps of a query's answer from the server's gallery."""
        return heatmap_addresses(self._answer(query, None), address.rstrip("/"))

    def _answer(self, query: PageQuery, photos: PrivateGallery | None, offset: int = 0) -> Answer:
        ask, like = self._answerer, query.like
        there: dict[str, Any] = {"gallery": query.gallery, "photos": photos, "offset": offset}
        there["filters"] = dict(query.filters)
        if like is not None:
            return ask.similar(like.id, query.top_k, like.region, **there)
        photo = query.sketch.photograph() if query.sketch else None
        if photo is not None:
            return ask.similar(None, query.top_k, image=photo, text=query.text.strip(), **there)
        picture = query.sketch.draw() if query.sketch else None
        return ask.search(
            picture,
            query.text,
            query.top_k,
            query.balance,
            unlike=query.unlike,
            several=query.several,
            names=query.names,
            guess=query.guess,
            **there,
        )
