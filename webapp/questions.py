"""What the page asks, on its way to an answer: whose turn it is, and where it is asked."""

from dataclasses import dataclass

import gradio as gr

from webapp.api.http import heatmap_addresses
from webapp.arrivals import arrived
from webapp.gallery_switch import YOURS
from webapp.photos import PhotosError, PrivateGallery
from webapp.photos.panel import PhotosPanel
from webapp.query import PageQuery
from webapp.search_service import Answer, Answerer, refusals
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

    def _answer(self, query: PageQuery, photos: PrivateGallery | None) -> Answer:
        ask, like = self._answerer, query.like
        if like is not None:
            return ask.similar(like.id, query.top_k, like.region, gallery=query.gallery, photos=photos)
        photo = query.sketch.photograph() if query.sketch else None
        if photo is not None:
            return ask.similar(
                None, query.top_k, image=photo, text=query.text.strip(), gallery=query.gallery, photos=photos
            )
        picture = query.sketch.draw() if query.sketch else None
        return ask.search(
            picture,
            query.text,
            query.top_k,
            query.balance,
            unlike=query.unlike,
            several=query.several,
            gallery=query.gallery,
            photos=photos,
        )
