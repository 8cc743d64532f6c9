"""One way from a query to an answer that can be shown, for people and machines alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import gradio as gr
from PIL import Image

from stnet.search import SearchEngine, SearchError, SearchResponse
from webapp.accelerator import on_accelerator
from webapp.canvas import SketchError
from webapp.served import PictureShelf


@dataclass(frozen=True)
class Answer:
    """A response with the paths of its pictures and heat maps, in order; no heat maps for "similar"."""

    response: SearchResponse
    pictures: list[str]
    heatmaps: list[str | None]


class Answerer:
    """Searches, and puts the pictures where the server may hand them out."""

    def __init__(self, engine: SearchEngine) -> None:
        self.gallery_size = len(engine.gallery)
        self.shelf = PictureShelf()
        self._search = on_accelerator(engine.search)
        self._similar = engine.similar

    def search(
        self, sketch: Image.Image | None, text: str | None, top_k: int, balance: float = 0.0
    ) -> Answer:
        """Search by a drawing, words, or both; `balance` weighs them, -1 (words alone) to 1 (drawing alone).

        Raises:
            SearchError: for a query that can't be answered.
        """
        return self._answer(self._search(sketch=sketch, text=text, top_k=top_k, balance=balance))

    def similar(self, id: str, top_k: int) -> Answer:
        """Search by a picture of the gallery.

        Raises:
            SearchError: if there is no such picture, or top_k is out of range.
        """
        if not isinstance(id, str):
            raise SearchError(f"The id must be text, got {type(id).__name__}")
        return self._answer(self._similar(id=id, top_k=top_k))

    def _answer(self, response: SearchResponse) -> Answer:
        return Answer(response, *self.shelf.put(response))


@contextmanager
def refusals() -> Iterator[None]:
    """Give the text of a refusal to whoever asked; any other failure stays in the server's log."""
    try:
        yield
    except (SearchError, SketchError) as error:
        raise gr.Error(str(error), print_exception=False, title="That can't be searched") from error
