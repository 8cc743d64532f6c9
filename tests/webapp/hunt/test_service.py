"""The picture of a day and its rank, with a real engine."""

from dataclasses import replace
from pathlib import Path

import pytest

from stnet.gallery.gallery import Gallery
from stnet.search import SearchEngine, SearchError
from tests.galleries import make_gallery
from webapp.canvas import Sketch
from webapp.hunt.choice import mark_of, read_day, row_of_day
from webapp.hunt.component import followed
from webapp.hunt.service import hunted, rank_of
from webapp.query import Likeness, PageQuery
from webapp.search_service import Answerer
from webapp.share.sending import received

DAY = "2026-11-26"
QUERY = PageQuery(Sketch(((100, 100, 600, 100, 400, 700),)), "a red one", 12, 0.0)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> Answerer:
    first = make_gallery(tmp_path_factory.mktemp("first"), tiny_checkpoint, count=5, name="First")
    second = make_gallery(tmp_path_factory.mktemp("second"), tiny_checkpoint, count=3, name="Second")
    engine = SearchEngine.from_pretrained(tiny_checkpoint, first, "cpu")
    return Answerer(engine, engine.on(Gallery.open(second)))


def test_a_day_has_its_picture_in_each_gallery(answerer: Answerer) -> None:
    for name, size in ((None, 5), ("Second", 3)):
        gallery, picture = answerer.gallery(name), hunted(answerer, DAY, name)
        assert (picture.day, picture.gallery, picture.size) == (DAY, gallery.name, size)
        assert picture.id == gallery.id(row_of_day(read_day(DAY), gallery))
        assert picture.mark == mark_of(gallery, range(size))
        assert Path(picture.path).is_file() and answerer.shelf.folder in Path(picture.path).parents
    with pytest.raises(SearchError, match="no gallery 'Third'"):
        hunted(answerer, DAY, "Third")


def test_the_rank_is_that_of_the_search_on_the_page(answerer: Answerer) -> None:
    goal = hunted(answerer, DAY).id
    sketch = QUERY.sketch.draw() if QUERY.sketch else None
    found = answerer.search(sketch, QUERY.text, 5).response.results
    (rank,) = [result.rank for result in found if result.id == goal]
    assert rank_of(answerer, QUERY, DAY) == rank
    assert rank_of(answerer, replace(QUERY, gallery="First"), DAY) == rank
    assert rank_of(answerer, replace(QUERY, unlike=(goal,)), DAY) is None


def test_searches_that_do_not_count_are_refused_with_the_reason(answerer: Answerer, tmp_path: Path) -> None:
    photo = replace(QUERY, sketch=Sketch((), tmp_path / "photo.png", photo=True))
    for query in (replace(QUERY, like=Likeness("photo-00.png", 1)), photo):
        with pytest.raises(SearchError, match="by a picture"):
            rank_of(answerer, query, DAY)
    with pytest.raises(SearchError, match="The hunt is in “First”"):
        rank_of(answerer, replace(QUERY, gallery="Second"), DAY)


def test_the_page_follows_with_the_whole_query() -> None:
    value = followed(QUERY, own=True)
    assert received(value["query"]) == QUERY and value["own"] is True
