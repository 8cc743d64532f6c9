"""What comes to the page after what it shows: the next results, more of the wall, or all as a file."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from stnet.search import SearchError
from stnet.search.browsing import DEFAULT_PICTURES
from webapp.canvas import SketchError
from webapp.delivery import Delivery
from webapp.query import PageQuery
from webapp.questions import Questions
from webapp.results.content import Scale, entries, wall_entries
from webapp.share.archive import MOST_PACKED, packed

NOTHING_SHOWN = "There is nothing to pack: search first."
AT_A_TIME = 2  # for all visitors together; searches that somebody waits for have slots of their own


@dataclass(frozen=True)
class Wanted:
    """What the list of pictures asks for.

    Attributes:
        number: of the list that asks; it comes back with the pictures.
        offset: how many pictures it has.
        scale: of its bars and heat maps; None for the wall.
    """

    number: int
    offset: int
    scale: Scale | None


def read_wanted(value: Any) -> Wanted:
    """What a browser sent as {"number", "offset", "scale"}, perhaps by somebody else's hand.

    Raises:
        ValueError: if it is anything else.
    """
    try:
        scale = value.get("scale")
        known = None if scale is None else Scale(*(float(scale[name]) for name in Scale._fields))
        return Wanted(int(value["number"]), int(value["offset"]), known)
    except (AttributeError, KeyError, TypeError, OverflowError) as error:
        raise ValueError(
            f'expected {{"number": ..., "offset": ..., "scale": ...}}, got {str(value)[:80]}'
        ) from error


class Later:
    """Made where gr.Blocks is open."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self.delivery = Delivery(elem_id="delivery")

    def connect(self, results: Any, takeaway: Any, address: Any, where: Any) -> None:
        """Let both ask for what comes later; `address` knows the query, `where` the gallery."""
        for event, handler in ((results.more, self.more), (takeaway.pack, self.pack)):
            event(
                handler,
                [address, where],
                self.delivery,
                api_visibility="private",
                show_progress="hidden",
                trigger_mode="multiple",
                concurrency_id="later",
                concurrency_limit=AT_A_TIME,
            )

    def more(
        self, query: PageQuery | None, where: str, event: gr.EventData, request: gr.Request
    ) -> dict[str, Any]:
        """The next pictures of the answer that is shown, or of the wall; or why there are none."""
        wanted = read_wanted(event._data)
        came: dict[str, Any] = {"to": "results", "number": wanted.number, "offset": wanted.offset}
        try:
            return came | self._pictures(query, where, request, wanted)
        except (SearchError, SketchError) as refusal:
            return came | {"refusal": str(refusal)}

    def _pictures(
        self, query: PageQuery | None, where: str, request: gr.Request, wanted: Wanted
    ) -> dict[str, Any]:
        if query is None or query.is_empty:
            wall = self._questions.wall(query, where, request, wanted.offset)
            return {"pictures": wall_entries(wall), "total": wall.page.total}
        next_ones = replace(query, top_k=DEFAULT_PICTURES)  # however few were asked for at first
        answer = self._questions.after(next_ones, where, request, wanted.offset)
        return {"pictures": entries(answer, wanted.scale), "total": answer.response.total}

    def pack(
        self, query: PageQuery | None, where: str, event: gr.EventData, request: gr.Request
    ) -> dict[str, Any]:
        """Where the pictures of the answer that is shown lie, packed for this visitor; or why they don't."""
        data = event._data or {}
        number, count = int(data.get("number", 0)), min(int(data.get("count", 0)), MOST_PACKED)
        came: dict[str, Any] = {"to": "takeaway", "number": number}
        if query is None or count < 1:
            return came | {"refusal": NOTHING_SHOWN}
        try:
            pages = list(self._questions.pages(query, where, request, count))
        except (SearchError, SketchError) as refusal:
            return came | {"refusal": str(refusal)}
        path = pages[0].shelf.put_archive(packed(pages))
        return came | {"path": path, "count": sum(len(page.pictures) for page in pages)}
