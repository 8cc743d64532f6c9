"""The filters of what the page shows, which the next search keeps."""

from typing import Any, NamedTuple

import gradio as gr

from webapp.query import ChosenFilters, PageQuery


class ShownFilters(NamedTuple):
    """What is shown is of this gallery, as a query names it, and passes these filters."""

    gallery: str | None
    filters: ChosenFilters


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
        gallery = payload.get("gallery")
        pairs = tuple((str(name), str(value)) for name, value in payload.get("filters") or ())
        return ShownFilters(None if gallery is None else str(gallery), pairs)

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """The value as it is."""
        return value


def kept(query: PageQuery) -> dict[str, Any]:
    """The value for a query."""
    return {"gallery": query.gallery, "filters": [list(one) for one in query.filters]}
