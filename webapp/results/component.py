"""The results as a Gradio component: a grid, and a view of one result. The browser's part is beside this."""

import json
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import gradio as gr

from stnet.search.browsing import DEFAULT_PICTURES
from stnet.search.filtering import Field
from stnet.search.heatmaps import COLOURS
from webapp.canvas.strokes import GRID
from webapp.delivery import DELIVERED
from webapp.elements import ELEMENTS
from webapp.results.filters import choices
from webapp.results.wording import NONE_PASSES

FOLDER = Path(__file__).resolve().parent
# in one scope, in this order
SCRIPTS = (
    *("heat", "grid", "glide", "filters", "listing", "things", "frame"),
    *("settle", "naming", "detail", "reveal", "start"),
)
STYLES = ("results", "wall", "filters")
OURS = ", ".join(
    f".results [data-action={name}]"
    for name in ("similar", "region", "unlike", "apart", "away", "readmit", "names")
)
NOTHING: dict[str, Any] = {
    "results": [],
    "grid": [1, 1],
    "close": None,
    "like": None,
    "apart": None,
    "away": None,
    "strokes": [],
    "total": 0,
    "scale": None,
    "wall": None,
    "fields": [],
}


def before_search(
    where: str, size: int | None, fields: Sequence[Field] = (), filters: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """The component's value before a search: pictures of what is chosen will come.

    Args:
        size: how many there are; None for a visitor's own photos, which may have changed since.
        fields, filters: what they can be filtered by, and are.
    """
    key = where if size is not None else f"{where} {token_hex(4)}"
    offered = choices(fields, filters)
    passing = [count for field in offered for value, count in field["values"] if value == field["chosen"]]
    # of several filters, no more than one lets pass
    most = None if size is None or None in passing else min([size, *passing])
    return NOTHING | {"wall": {"key": json.dumps([key, *filters]), "size": most}, "fields": offered}


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


class ResultsView(gr.HTML):
    """Pictures with bars and heat maps; a click opens one of them large. Before a search: the wall.

    Heat maps come as numbers, one byte a patch, and are painted by the browser: switching them on, their
    opacity and the large view ask nothing of the server. The value is what webapp.results.content makes.

    Events of interest:
        similar: "more like this"; the event's `id` is the picture's, its `number` the rank, its `region`
            None or x0, y0, x1, y1 in 0..1 of the picture.
        unlike: the chip that says what the results are like was taken away.
        more: the end of the list is near; the event's data is what webapp.later.read_wanted reads.
        wish: something else is wanted of the answer; the event's data is what webapp.query.wished reads.

    Args:
        text_box: the elem_id of the text box that "keep the drawing, add words" goes to.
        asked_by: a CSS selector of the buttons after which an answer comes into view, as after Enter in the
            text box and Ctrl+Enter.
        status: the elem_id of what is said about the answer: the view begins there.
        paper: the elem_id of the canvas, from which the strokes come that are laid over a large picture.
        options: what gr.HTML takes: elem_id, visible, scale, ...
    """

    def __init__(
        self,
        value: dict[str, Any] | None = None,
        *,
        text_box: str | None = None,
        asked_by: str = "",
        status: str | None = None,
        paper: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            value or NOTHING,
            html_template=_read("results.html"),
            css_template="\n".join((FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in STYLES),
            js_on_load="\n".join([ELEMENTS, *(_read(f"{name}.js") for name in SCRIPTS)]),
            apply_default_css=False,
            text_box=text_box,
            asked_by=f"{asked_by}, {OURS}" if asked_by else OURS,
            status=status,
            paper=paper,
            paper_units=GRID,
            colours=COLOURS.tolist(),
            wall_pictures=DEFAULT_PICTURES,
            delivered=DELIVERED,
            none_passes=NONE_PASSES,
            addressee=options.get("elem_id"),
            **options,
        )

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any]:
        """What a handler returned -> the value for the browser."""
        return value or NOTHING

    def api_info(self) -> dict[str, Any]:
        """The value's JSON schema."""
        return {"type": "object"}

    def example_payload(self) -> dict[str, Any]:
        """No results."""
        return NOTHING

    def example_value(self) -> dict[str, Any]:
        """No results."""
        return NOTHING
