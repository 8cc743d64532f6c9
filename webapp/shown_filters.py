"""What the next search keeps of what the page shows: the filters, and that a sketch is taken for nothing."""

import hashlib
from typing import Any, NamedTuple

import gradio as gr

from webapp.canvas import Sketch
from webapp.query import ChosenFilters, PageQuery


class ShownFilters(NamedTuple):
    """What is shown is of this gallery, as a query names it, and passes these filters.

    `unnamed` is the mark of a sketch that is taken for nothing, None for none (see `may_guess`).
    """

    gallery: str | None
    filters: ChosenFilters
    unnamed: str | None = None


class FilterKeeper(gr.HTML):
    """Nothing to be seen. Handlers get ShownFilters, or None; `kept` makes the value.

    The address knows them, too, but with all of its query: a picture on the paper before may be gone from the
    server, which is no reason to refuse the next search.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(None, html_template="<span hidden></span>", apply_default_css=False, **options)

    def preprocess(self, payload: Any) -> ShownFilters | None:
        """The value as the browser sent it, perhaps by somebody else's hand."""
        if not isinstance(payload, dict):
            return None
        gallery, unnamed = payload.get("gallery"), payload.get("unnamed")
        pairs = tuple((str(name), str(value)) for name, value in payload.get("filters") or ())
        return ShownFilters(
            None if gallery is None else str(gallery), pairs, None if unnamed is None else str(unnamed)
        )

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """The value as it is."""
        return value


def kept(query: PageQuery) -> dict[str, Any]:
    """The value for a query."""
    return {
        "gallery": query.gallery,
        "filters": [list(one) for one in query.filters],
        "unnamed": None if query.guess else _mark(query.sketch),
    }


def may_guess(sketch: Sketch | None, before: ShownFilters | None) -> bool:
    """Whether the sketch may be taken for something: no longer if it was shown, and nobody wanted that."""
    return before is None or before.unnamed != _mark(sketch)


def _mark(sketch: Sketch | None) -> str:
    """What a sketch is known by, another one for every change of it."""
    return hashlib.sha256(repr(sketch).encode()).hexdigest()
