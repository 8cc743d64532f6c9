"""What comes after what a page shows."""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from stnet.search import SearchError
from stnet.search.browsing import GalleryPage, GalleryPicture
from webapp.later import Later, Wanted, read_wanted
from webapp.query import PageQuery
from webapp.results.content import Scale
from webapp.search_service import Wall

VISITOR: Any = SimpleNamespace(session_hash="a")
SCALE = {"middle": 0.2, "best": 0.6, "largest": 0.8}
PICTURE = GalleryPicture("7.jpg", {}, (4, 3), b"", "jpeg")


class Questions:
    """Has one picture on its wall, and no answer to any query."""

    def wall(self, query: PageQuery | None, where: str, request: Any, offset: int) -> Wall:
        return Wall(GalleryPage(where, 9, offset, 9, [PICTURE]), ["/w"])

    def after(self, query: PageQuery, where: str, request: Any, offset: int) -> Any:
        raise SearchError("Your photos are gone")


def more(query: PageQuery | None, data: Any) -> dict[str, Any]:
    with gr.Blocks():
        later = Later(Questions())  # type: ignore[arg-type]
    return later.more(query, "Photographs", gr.EventData(None, data), VISITOR)


@pytest.mark.parametrize("query", [None, PageQuery(None, "", 12, 0.0, filters=(("light", "night"),))])
def test_before_a_search_the_wall_goes_on(query: PageQuery | None) -> None:
    came = more(query, {"number": 3, "offset": 8, "scale": None})
    assert {name: came[name] for name in ("to", "number", "offset", "total")} == {
        "to": "results",
        "number": 3,
        "offset": 8,
        "total": 9,
    }
    assert [(one["id"], one["rank"], one["path"]) for one in came["pictures"]] == [("7.jpg", 9, "/w")]


def test_what_cannot_be_had_says_why() -> None:
    came = more(PageQuery(None, "a cat", 12, 0.0), {"number": 3, "offset": 12, "scale": SCALE})
    assert came["refusal"] == "Your photos are gone"
    assert "pictures" not in came


def test_what_the_list_asks_for_is_read() -> None:
    asked = {"number": 3, "offset": 12, "scale": SCALE}
    assert read_wanted(asked) == Wanted(3, 12, Scale(0.2, 0.6, 0.8))
    assert read_wanted(asked | {"scale": None}).scale is None


@pytest.mark.parametrize(
    "asked", [None, [], {}, {"number": 1}, {"number": 1, "offset": 2, "scale": 3}, "all"]
)
def test_anything_else_is_refused(asked: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_wanted(asked)
