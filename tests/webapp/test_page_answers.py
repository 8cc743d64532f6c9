"""What the page answers, without a browser: which query is asked, and what stays of the one before."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from stnet.gallery.gallery import Gallery
from stnet.search import SearchEngine
from tests.galleries import load, make_gallery
from webapp.canvas import Sketch
from webapp.compare.panel import ComparePanel
from webapp.examples import Example
from webapp.page_answers import PageAnswers
from webapp.photos import PhotosError
from webapp.query import PageQuery
from webapp.query_panel import QueryPanel
from webapp.questions import Questions
from webapp.results.panel import AnswerPanel
from webapp.search_service import Answerer
from webapp.shown_filters import ShownFilters, kept

VISITOR: Any = SimpleNamespace(session_hash="a", request=SimpleNamespace(headers={}, url="http://here/"))
SKETCH = Sketch(((100, 100, 900, 100, 900, 900),))
MORE = Sketch((*SKETCH.strokes, (5, 5)))


class Photos:
    """Nobody has photos here."""

    def gallery(self, where: str, request: Any) -> None:
        if where not in ("First", "Second"):
            raise PhotosError("gone")


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> tuple[SearchEngine, ...]:
    first, second = (
        make_gallery(tmp_path_factory.mktemp(name), tiny_checkpoint, count=4, name=name)
        for name in ("First", "Second")
    )
    engine = SearchEngine(load(tiny_checkpoint), Gallery.open(first))
    return engine, engine.on(Gallery.open(second))


@pytest.fixture
def answers(engines: tuple[SearchEngine, ...], monkeypatch: pytest.MonkeyPatch) -> PageAnswers:
    """The handlers of a page; `shown` gives back what was asked."""
    answerer = Answerer(*engines)
    with gr.Blocks():
        questions = Questions(answerer, Photos())  # type: ignore[arg-type]
        panel, answer = QueryPanel(), AnswerPanel("First", 4, "cpu", [])
        made = PageAnswers(answerer, questions, panel, answer, ComparePanel(answerer, questions))
    monkeypatch.setattr(made, "shown", lambda asked, *_, **__: asked.query)
    return made


def before(query: PageQuery) -> ShownFilters:
    """What the page keeps of a query that it has answered."""
    one = kept(query)
    return ShownFilters(one["gallery"], tuple(map(tuple, one["filters"])), one["unnamed"])


def search(answers: PageAnswers, sketch: Sketch, shown: PageQuery | None) -> PageQuery:
    settled: Any = SimpleNamespace(_data={"settled": True})
    kept_before = None if shown is None else before(shown)
    asked: PageQuery = answers.search(sketch, "red", 3, 0.0, True, "First", kept_before, settled, VISITOR)
    return asked


def test_a_sketch_that_is_taken_for_nothing_stays_so_until_it_changes(answers: PageAnswers) -> None:
    shown = search(answers, SKETCH, None)
    assert shown == PageQuery(SKETCH, "red", 3, 0.0, "First")
    unnamed = answers.take_for_nothing(shown, "First", VISITOR)
    assert not unnamed.guess
    assert not search(answers, SKETCH, unnamed).guess and search(answers, MORE, unnamed).guess
    there = answers.switch(SKETCH, "red", 3, 0.0, "Second", before(unnamed), VISITOR)
    assert (there.gallery, there.guess) == ("Second", False)


def test_without_a_query_there_is_nothing_to_take_for_nothing(answers: PageAnswers) -> None:
    wall = answers.take_for_nothing(None, "First", VISITOR)
    assert len(wall) == len(answers.no_answer("First"))


def test_a_confirmed_name_is_said_before_the_words(answers: PageAnswers) -> None:
    asked = answers.confirm("cat?", SKETCH, "red", 3, 0.0, "First", None, VISITOR)
    assert (asked.text, asked.sketch) == ("cat red", SKETCH)


def test_an_example_is_asked_in_its_own_gallery_where_there_is_one(answers: PageAnswers) -> None:
    for gallery, where in (("Second", "Second"), ("Elsewhere", "First")):
        example = Example("a mark", "red", [[(10, 10), (200, 200)]], gallery)
        asked = answers.of_example(example)(3, 0.0, "First", VISITOR)
        assert (asked.text, asked.gallery) == ("red", where)


def test_a_setting_that_is_the_same_asks_nothing(answers: PageAnswers) -> None:
    query = PageQuery(None, "red", 3, 0.0, "First")
    assert answers.change_setting(query, 2, 0.0, "First", VISITOR).top_k == 2
    for unchanged in (query, None, answers.nothing("First")):
        assert isinstance(answers.change_setting(unchanged, 3, 0.0, "First", VISITOR), dict)
