"""The daily hunt as a Gradio component. What the browser runs is in the files beside this one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from stnet.search import SearchError
from webapp.canvas import SketchError
from webapp.elements import ELEMENTS
from webapp.hunt.service import Hunted, hunted, rank_of
from webapp.query import PageQuery
from webapp.results.content import caption, facts
from webapp.search_service import Answerer
from webapp.share.sending import received, sent

FOLDER = Path(__file__).resolve().parent
SCRIPTS = ("story", "look", "sharing", "hunt")  # in one scope, in this order
CREDITS = ("author", "licence", "license")  # of metadata, in any case
LINK_NAME = "hunt"  # of a link's fragment: hunt=2026-11-26&...


class Hunt(gr.HTML):
    """A button that shows the picture of the day for a moment, and a strip that says how near a search came.

    How far a visitor has come stays in the browser's tab. The value is what `followed` makes of each search.

    Args:
        answerer: whose first gallery is hunted in.
        paper: the elem_id of the canvas, where the focus goes once the picture is hidden.
        options: what gr.HTML takes.
    """

    def __init__(self, answerer: Answerer, *, paper: str, **options: Any) -> None:
        def picture(request: dict[str, Any]) -> dict[str, Any]:
            return _answered(lambda: _shown(hunted(answerer, request.get("day"))))

        def rank(request: dict[str, Any]) -> dict[str, Any]:
            return _answered(lambda: {"rank": rank_of(answerer, received(request["query"]), request["day"])})

        super().__init__(
            None,
            html_template=_read("hunt.html"),
            css_template=_read("hunt.css"),
            js_on_load="\n".join([ELEMENTS, *(_read(f"{name}.js") for name in SCRIPTS)]),
            apply_default_css=False,
            server_functions=[picture, rank],
            paper=paper,
            link_name=LINK_NAME,
            **options,
        )

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """The value as it is."""
        return value


def followed(query: PageQuery, *, own: bool) -> dict[str, Any]:
    """The value after a search; `own` if it was in photos that only this visitor has."""
    return {"query": sent(query), "own": own}


def _shown(picture: Hunted) -> dict[str, Any]:
    """What the browser gets; the texts are for who doesn't see the picture, and for the end of the hunt."""
    given = [text for name, text in facts(picture.metadata) if name.casefold() in CREDITS]
    return {
        "day": picture.day,
        "gallery": picture.gallery,
        "size": picture.size,
        "mark": picture.mark,
        "path": picture.path,
        "caption": caption(picture.metadata),
        "credit": ", ".join(given),
    }


def _answered(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return ask()
    except (SearchError, SketchError) as error:
        return {"refusal": str(error)}


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
