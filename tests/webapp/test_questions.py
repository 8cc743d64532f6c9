"""A page's questions: which one counts, where it is asked, and of whom."""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from stnet.search import SearchError
from webapp.gallery_switch import YOURS
from webapp.photos import PhotosError
from webapp.query import Likeness, PageQuery
from webapp.questions import Questions
from webapp.shown_filters import ShownFilters

VISITOR: Any = SimpleNamespace(session_hash="a", request=None)
QUERY = PageQuery(None, "on the snow", 12, 0.0)


class Photos:
    """Nobody has photos here."""

    def gallery(self, where: str, request: Any) -> None:
        if where == YOURS:
            raise PhotosError("gone")


class Answers:
    """Notes what it is asked."""

    def __init__(self, *galleries: str) -> None:
        self.galleries = dict.fromkeys(galleries, 3)
        self.asked: list[tuple[Any, ...]] = []
        self.meanwhile = lambda: None

    def search(self, sketch: Any, text: str, *others: Any, **options: Any) -> str:
        self.asked.append(("search", text))
        self.meanwhile()
        return "an answer"

    def compare(self, sketch: Any, text: str, top_k: int, systems: Any, **options: Any) -> str:
        self.asked.append(("compare", text, top_k, *systems))
        return "a comparison"

    def similar(self, id: str, top_k: int, region: Any, **options: Any) -> str:
        if id == "nobody":
            raise SearchError("There is no such picture")
        self.asked.append(("similar", id, region))
        return "an answer"


def questions(answers: Answers) -> Questions:
    return Questions(answers, Photos())  # type: ignore[arg-type]


def test_a_query_is_searched_and_a_likeness_asked_for_instead() -> None:
    answers = Answers("scenes")
    asked = questions(answers).ask(QUERY, "scenes", VISITOR)
    assert asked is not None and asked.query == QUERY
    like = PageQuery(None, "on the snow", 12, 0.0, like=Likeness("owl", 2, (0.1, 0.1, 0.5, 0.5)))
    questions(answers).ask(like, "scenes", VISITOR)
    assert answers.asked == [("search", "on the snow"), ("similar", "owl", (0.1, 0.1, 0.5, 0.5))]


def test_an_overtaken_question_has_no_answer() -> None:
    answers = Answers("scenes")
    page = questions(answers)
    answers.meanwhile = lambda: page.forget(VISITOR)
    assert page.ask(QUERY, "scenes", VISITOR) is None


def test_a_refusal_is_for_the_visitor() -> None:
    like = PageQuery(None, "", 12, 0.0, like=Likeness("nobody", 1))
    with pytest.raises(gr.Error) as refusal:
        questions(Answers("scenes")).ask(like, "scenes", VISITOR)
    assert "There is no such picture" in str(refusal.value)


def test_a_query_is_compared_but_not_what_is_like_a_picture() -> None:
    answers = Answers("scenes")
    page = questions(answers)
    assert page.compare(QUERY, "scenes", ["stnet", "average"], VISITOR) == "a comparison"
    assert answers.asked == [("compare", "on the snow", 12, "stnet", "average")]
    like = PageQuery(None, "", 12, 0.0, like=Likeness("owl", 1))
    with pytest.raises(SearchError, match="not by a picture whose like is wanted"):
        page.compare(like, "scenes", ["stnet", "average"], VISITOR)
    with pytest.raises(PhotosError):
        page.compare(QUERY, YOURS, ["stnet", "average"], VISITOR)


def test_only_what_is_there_can_be_searched() -> None:
    page = questions(Answers("scenes", "photographs"))
    assert page.is_there("scenes", VISITOR)
    assert not page.is_there("others", VISITOR) and not page.is_there(None, VISITOR)
    assert not page.is_there(YOURS, VISITOR)


def test_a_query_names_the_gallery_where_there_is_a_choice() -> None:
    assert questions(Answers("scenes", "photographs")).gallery("scenes") == "scenes"
    assert questions(Answers("scenes", "photographs")).gallery(YOURS) is None
    assert questions(Answers("scenes")).gallery("scenes") is None


def test_filters_stay_while_the_same_gallery_is_searched() -> None:
    page = questions(Answers("scenes", "photographs"))
    shown = ShownFilters("scenes", (("light", "night"),))
    assert page.kept_filters(shown, "scenes") == shown.filters
    for before, where in ((shown, "photographs"), (shown, YOURS), (None, "scenes")):
        assert page.kept_filters(before, where) == ()
