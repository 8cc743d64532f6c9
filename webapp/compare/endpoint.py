"""The endpoint `/compare` for machines: what two systems find for one query."""

from typing import Any

import gradio as gr
from starlette.requests import Request

from stnet.search.query import DEFAULT_RESULTS
from webapp.api.addresses import base_address, file_address
from webapp.api.sketches import uploaded_picture
from webapp.compare.ranking import Column, Comparison
from webapp.compare.wording import DOES
from webapp.search_service import Answerer, refusals


def add_compare_endpoint(answerer: Answerer, **slots: Any) -> None:
    """Add it to the gr.Blocks that is being built; `slots` say how many calls run at once."""

    def compare(
        request: gr.Request,
        sketch: gr.FileData | None = None,
        text: str | None = None,
        first: str = "stnet",
        second: str = "average",
        top_k: int = DEFAULT_RESULTS,
        gallery: str | None = None,
    ) -> dict[str, Any]:
        """Rank a whole gallery by two systems, for the same sketch, words, or both.

        Args:
            sketch: a picture file of a drawing, as /search takes it, or null.
            text: words about what the drawing can't show, or null.
            first: the name of a system: stnet, two-stage, two-stage-description, average, text-only or
                sketch-only.
            second: the name of another one.
            top_k: how many results of each, 1 to MOST_RESULTS.
            gallery: the name of one of this server's galleries, or null for its first.

        Returns:
            What each system found, best first, and which pictures both did.
        """
        with refusals():
            drawing = uploaded_picture(sketch, "sketch")
            comparison = answerer.compare(drawing, text, top_k, (first, second), gallery=gallery)
            return compared_reply(comparison, request.request)

    gr.api(compare, api_name="compare", **slots)


def compared_reply(comparison: Comparison, request: Request) -> dict[str, Any]:
    """The comparison as JSON; its pictures can be fetched from where the request was sent to."""
    compared, base = comparison.compared, base_address(request)
    return {
        "query": {"mode": compared.mode, "text": compared.text, "truncated": compared.truncated},
        "gallery": {"name": compared.gallery_name, "size": compared.gallery_size},
        "model": compared.model,
        "systems": [
            {
                "system": column.system,
                "does": DOES[column.system],
                "used": column.used,
                "results": _results(column, [file_address(base, path) for path in paths], there),
            }
            for column, paths, there in zip(
                compared.columns,
                comparison.pictures,
                map(compared.elsewhere, compared.columns),
                strict=True,
            )
        ],
    }


def _results(column: Column, images: list[str], there: list[int | None]) -> list[dict[str, Any]]:
    kept = ("rank", "id", "score", "percentile", "metadata", "image")
    found = []
    for result, image, other in zip(column.results, images, there, strict=True):
        whole = result.to_dict(image)
        found.append({name: whole[name] for name in kept} | {"other_rank": other})
    return found
