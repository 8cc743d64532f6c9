"""Links, code and downloads as a Gradio component. What the browser runs is in the files beside this one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from webapp.canvas import Sketch, SketchError
from webapp.query import PageQuery
from webapp.share import link as links
from webapp.share.code import code_for

# (query, the page's address) -> where its answer's heat maps can be fetched, in order
Paint = Callable[[PageQuery, str], list[str | None]]
FOLDER = Path(__file__).resolve().parent

OWN = (
    "It holds your drawing and your words only: your photos stay here, and it searches the server's pictures."
)


class TakeAway(gr.HTML):
    """The row under the results; nothing is seen of it while its value is None. `carried` makes the value.

    Events of interest:
        opened: the page was opened by a link, or a link was put into its address; gr.EventData has its
            `fragment`, as somebody else may have written it.
    """

    def __init__(self, paint: Paint, value: dict[str, Any] | None = None, **options: Any) -> None:
        """`paint` makes the files of the heat maps, for a download."""

        def heatmaps(request: dict[str, Any]) -> list[str | None]:
            return paint(_received(request["query"]), str(request["address"]))

        super().__init__(
            value,
            html_template=_read("takeaway.html"),
            css_template=_read("takeaway.css"),
            js_on_load=_read("takeaway.js"),
            apply_default_css=False,
            server_functions=[code, heatmaps],
            link_name=links.NAME,
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
        fragment = links.fragment_of(query)
    except links.LinkError as error:
        refusal = str(error)
    return {
        "fragment": fragment,
        "refusal": refusal,
        "query": _sent(query),
        "answer": answer,
        "note": OWN if own else "",
    }


def code(request: dict[str, Any]) -> dict[str, str]:
    """For the browser: the code for {"query": ..., "address": of the page}, or {"refusal": the reason}."""
    try:
        snippets = code_for(_received(request["query"]), str(request["address"]))
    except SketchError as error:
        return {"refusal": str(error)}
    return {"python": snippets.python, "curl": snippets.curl}


def _sent(query: PageQuery) -> dict[str, Any]:
    sketch = None
    if query.sketch is not None:
        path = query.sketch.picture
        picture = None if path is None else {"path": str(path)}
        sketch = {"strokes": [list(stroke) for stroke in query.sketch.strokes], "picture": picture}
    return {
        "sketch": sketch,
        "text": query.text,
        "top_k": query.top_k,
        "balance": query.balance,
        "gallery": query.gallery,
    }


def _received(query: dict[str, Any]) -> PageQuery:
    """What `_sent` made, as anybody may have sent it back."""
    sketch = Sketch.from_value(query["sketch"], Path(get_upload_folder()))
    gallery = None if query["gallery"] is None else str(query["gallery"])
    return PageQuery(sketch, str(query["text"]), int(query["top_k"]), float(query["balance"]), gallery)


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
