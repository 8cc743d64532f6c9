"""The two endpoints for machines, `/search` and `/similar`: JSON out, pictures by their addresses."""

from typing import Any

import gradio as gr

from webapp.api.drawings import uploaded_drawing
from webapp.api.replies import reply
from webapp.search_service import Answerer, refusals


def add_endpoints(answerer: Answerer, **slots: Any) -> None:
    """Add both endpoints to the gr.Blocks that is being built; `slots` say how many calls run at once."""

    def search(
        request: gr.Request,
        sketch: gr.FileData | None = None,
        text: str | None = None,
        top_k: int = 12,
        balance: float = 0.0,
    ) -> dict[str, Any]:
        """Find pictures by a sketch of a thing, words about what surrounds it, or both.

        Args:
            sketch: a picture file of a drawing (PNG, JPEG or WebP; any pen on any plain paper), or null.
            text: words about what the drawing can't show, for example "on the snow, at night", or null.
            top_k: how many results, 1 to 50.
            balance: between sketch and words, from -1 (words alone) to 1 (sketch alone); 0 takes both.

        Returns:
            The results, best first, with the addresses of the pictures and of their heat maps.
        """
        with refusals():
            return reply(answerer.search(uploaded_drawing(sketch), text, top_k, balance), request.request)

    def similar(request: gr.Request, id: str, top_k: int = 12) -> dict[str, Any]:
        """Find pictures that are like one of the gallery.

        Args:
            id: the id of a result of /search.
            top_k: how many results, 1 to 50.

        Returns:
            The results, best first, with the addresses of the pictures.
        """
        with refusals():
            return reply(answerer.similar(id, top_k), request.request)

    gr.api(search, api_name="search", **slots)
    gr.api(similar, api_name="similar", **slots)
