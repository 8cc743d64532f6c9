"""The browser's address, which always holds the link of what is shown, as a Gradio component."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gradio as gr

from webapp.query import PageQuery
from webapp.search_service import refusals
from webapp.share.component import link_to
from webapp.share.link import NAME, LinkError, query_of
from webapp.share.sending import received, sent

FOLDER = Path(__file__).resolve().parent

# how an answer came about: a search, one by itself while somebody draws, another setting for the query that
# is shown, another question about its results, or a link
Way = Literal["asked", "drawing", "setting", "derived", "opened"]


class AddressBar(gr.HTML):
    """Nothing to be seen: every answer is a step of the browser's history; Back and Forward bring it again.

    Handlers get the query of the answer that is shown, or None; `address_of` makes the value.

    Events of interest:
        opened: a link was followed, or Back or Forward came to another answer; `opened_by` reads its data.

    Args:
        paper: the elem_id of the canvas, which may have kept a drawing that is newer than the link.
        options: what gr.HTML takes.
    """

    def __init__(self, value: dict[str, Any] | None = None, *, paper: str, **options: Any) -> None:
        super().__init__(
            value,
            html_template="<span hidden></span>",
            js_on_load=(FOLDER / "address.js").read_text(encoding="utf-8"),
            apply_default_css=False,
            link_name=NAME,
            paper=paper,
            **options,
        )

    def preprocess(self, payload: Any) -> PageQuery | None:
        """The value as the browser sent it -> the query that is shown."""
        return received(payload["query"]) if isinstance(payload, dict) else None

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """The value as it is."""
        return value


def address_of(
    query: PageQuery, where: str, way: Way, *, own: bool = False, asked: str | None = None
) -> dict[str, Any]:
    """The value for an answer.

    Args:
        where: what was chosen to be searched; `own` if these are the visitor's own photos.
        asked: the fragment that the page was opened by.
    """
    try:
        fragment = link_to(query, own=own)
    except LinkError:
        fragment = None
    # what a link can't hold, the tab alone can come back to
    whole = fragment is not None and query_of(fragment) == query
    kept = None if whole else sent(query)
    return {
        "fragment": fragment,
        "where": where,
        "way": way,
        "asked": asked,
        "query": sent(query),
        "kept": kept,
    }


@dataclass(frozen=True)
class Opened:
    """What the page was opened by.

    Attributes:
        query: None for the state before the first search.
        fragment: of the address; "" where no link can hold the query.
        where: what had been chosen to be searched; None for a link that comes from elsewhere.
        keep: whether what is on the paper is newer than the query's drawing and words.
    """

    query: PageQuery | None
    fragment: str
    where: str | None
    keep: bool


def opened_by(data: Any) -> Opened:
    """Read the data of `opened`, as somebody else may have written it.

    Raises:
        gr.Error: for a link that can't be read, with the reason.
    """
    fragment, where = str(data.get("fragment") or ""), data.get("where")
    query = None
    with refusals():
        if data.get("kept") is not None:
            query = received(data["kept"])
        elif fragment:
            query = query_of(fragment)
    return Opened(query, fragment, None if where is None else str(where), keep=bool(data.get("keep")))
