from types import SimpleNamespace
from typing import Any

import gradio as gr

from stnet.search.query import DEFAULT_RESULTS
from webapp.canvas import Sketch
from webapp.clearing import Cleared, Clearing, WayBack
from webapp.query import PageQuery

VISITOR: Any = SimpleNamespace(session_hash="a")
SKETCH = Sketch(((1, 2, 300, 4),))
QUERY = PageQuery(SKETCH, "on the snow", 9, 0.5)


class Questions:
    """Answers everything, where it is there, with the query itself; `newest` is what forgetting says."""

    def __init__(self, *places: str, newest: bool = True) -> None:
        self.places, self.newest = places, newest

    def forget(self, request: Any) -> bool:
        return self.newest

    def is_there(self, where: object, request: Any) -> bool:
        return where in self.places

    def ask(self, query: PageQuery, where: str, request: Any) -> Any:
        return query, where


def clearing(questions: Questions) -> tuple[WayBack, Clearing]:
    with gr.Blocks():
        way_back = WayBack()

    def no_answer(where: str) -> tuple[Any, ...]:
        return "nothing", *way_back.end()

    def shown(asked: Any, request: Any, inputs: tuple[Any, ...]) -> Any:
        return (*inputs, asked, *way_back.end())

    return way_back, Clearing(way_back, questions, no_answer, shown)  # type: ignore[arg-type]


def test_clear_empties_all_and_keeps_what_was_there() -> None:
    _, page = clearing(Questions("scenes"))
    *emptied, button, before = page.clear(SKETCH, "on the snow", 9, 0.5, "scenes", QUERY, VISITOR)
    assert emptied == [None, "", DEFAULT_RESULTS, 0, "nothing"]
    assert button.visible
    assert before == Cleared(SKETCH, "on the snow", 9, 0.5, "scenes", QUERY)
    # to clear an empty page keeps the way back to the last one that wasn't
    assert page.clear(None, " ", 12, 0, "scenes", None, VISITOR)[-2:] == (gr.skip(), gr.skip())


def test_what_was_cleared_comes_back_with_its_answer() -> None:
    _, page = clearing(Questions("scenes"))
    inputs = (SKETCH, "on the snow", 9, 0.5)
    *back, answer, button, before = page.bring_back(Cleared(*inputs, "scenes", QUERY), "others", VISITOR)
    assert tuple(back) == (*inputs, "scenes")
    assert answer == (QUERY, "scenes")
    assert not button.visible and before is None


def test_without_an_answer_or_its_gallery_the_query_comes_back() -> None:
    _, page = clearing(Questions("scenes"))
    inputs = (SKETCH, "on the snow", 9, 0.5)
    for cleared in (Cleared(*inputs, "scenes", None), Cleared(*inputs, "gone", QUERY)):
        assert page.bring_back(cleared, "others", VISITOR)[:6] == (*inputs, "others", "nothing")


def test_what_was_asked_since_stays() -> None:
    _, page = clearing(Questions(newest=False))
    assert page.clear(SKETCH, "", 9, 0.5, "scenes", None, VISITOR) == gr.skip()
    assert page.bring_back(Cleared(SKETCH, "", 9, 0.5, "scenes", None), "scenes", VISITOR) == gr.skip()
    assert page.bring_back(None, "scenes", VISITOR) == gr.skip()
