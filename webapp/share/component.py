"""Links, code and downloads as a Gradio component. What the browser runs is in the files beside this one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from webapp.canvas import SketchError
from webapp.delivery import DELIVERED
from webapp.elements import ELEMENTS
from webapp.query import PageQuery
from webapp.share import link as links
from webapp.share.code import code_for
from webapp.share.sending import received, sent

# (query, the page's address) -> where its answer's heat maps can be fetched, in order
Paint = Callable[[PageQuery, str], list[str | None]]
FOLDER = Path(__file__).resolve().parent

OWN = (
    "It holds your drawing and your words only: your photos stay here, and it searches the server's pictures."
)
OWN_LIKENESS = "Only this page can find what is like a photo of yours, or unlike it: it stays here."


class TakeAway(gr.HTML):
    """The row under the results; nothing is seen of it while its value is None. `carried` makes the value."""

    def __init__(
        self, paint: Paint, value: dict[str, Any] | None = None, *, shown_in: str = "results", **options: Any
    ) -> None:
        """Its event `pack` asks for a ZIP of the pictures.

        Args:
            paint: makes the files of the heat maps, for a download.
            shown_in: the elem_id of where the pictures are shown.
            options: what gr.HTML takes.
        """

        def heatmaps(request: dict[str, Any]) -> list[str | None]:
            return paint(received(request["query"]), str(request["address"]))

        super().__init__(
            value,
            html_template=_read("takeaway.html"),
            css_template=_read("takeaway.css"),
            js_on_load=ELEMENTS + _read("archive.js") + _read("takeaway.js"),
            apply_default_css=False,
            server_functions=[code, heatmaps],
            list=shown_in,
            delivered=DELIVERED,
            addressee=options.get("elem_id"),
            **options,
        )

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """The value as it is."""
        return value


def carried(query: PageQuery, answer: dict[str, Any], *, own: bool = False) -> dict[str, Any]:
    """What the browser needs of a query and its answer.

    Args:
        answer: the JSON object that /search gives for the query, without heat maps.
        own: whether the answer is from photos that only this visitor can search.
    """
    fragment, refusal = None, None
    try:
        fragment = link_to(query, own=own)
    except links.LinkError as error:
        refusal = str(error)
    return {
        "fragment": fragment,
        "refusal": refusal,
        "query": sent(query),
        "answer": answer,
        "note": OWN if own else "",
        "own": own,
    }


def link_to(query: PageQuery, *, own: bool) -> str:
    """The fragment of a link to a query; `own` if its answer is from photos that only this visitor has.

    Raises:
        LinkError: if no link can hold it, or it asks for the like of the visitor's own photo.
    """
    if own and (query.like is not None or query.unlike):
        raise links.LinkError(OWN_LIKENESS)
    drawn_on = query.sketch is not None and query.sketch.picture is not None
    if query.like is not None and drawn_on:  # the paper isn't what was searched
        query = replace(query, sketch=None)
    return links.fragment_of(query)


def code(request: dict[str, Any]) -> dict[str, str]:
    """For the browser: the code for {"query", "address": of the page, "own"}, or {"refusal": the reason}."""
    query = received(request["query"])
    if request.get("own") and (query.like is not None or query.unlike):
        return {"refusal": OWN_LIKENESS}
    try:
        snippets = code_for(query, str(request["address"]))
    except SketchError as error:
        return {"refusal": str(error)}
    return {"python": snippets.python, "curl": snippets.curl}


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
