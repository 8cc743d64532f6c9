"""Pages of an answer are parts of one order, however small the first stage's pool is."""

import numpy as np
import pytest

from stnet.search import SearchEngine, SearchError
from stnet.search.paging import Part
from tests.galleries import PHOTOS, drawing, make_gallery

QUERIES = [(drawing(), "a red one on the beach"), (drawing(), None), (None, "left of a green square")]


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    folder = make_gallery(tmp_path_factory.mktemp("paging"), tiny_checkpoint)
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


def found(response):
    return [(result.id, result.score) for result in response.results]


def test_a_part_ends_after_its_last_place():
    assert Part(12, 5).end == 17


@pytest.mark.parametrize(("sketch", "text"), QUERIES, ids=["both", "sketch", "text"])
@pytest.mark.parametrize("several", [False, True])
def test_pages_together_are_the_whole_order(engine, sketch, text, several):
    whole = engine.search(sketch, text, 50, several=several)
    pages = [engine.search(sketch, text, 7, several=several, offset=offset) for offset in (0, 7, 14, 21, 28)]
    assert [one for page in pages for one in found(page)] == found(whole)
    assert [result.rank for page in pages for result in page.results] == list(range(1, PHOTOS + 1))
    percentiles = [result.percentile for page in pages for result in page.results]
    assert percentiles == [result.percentile for result in whole.results]
    assert {page.total for page in pages} == {PHOTOS}
    assert pages[-1].results == []
    assert found(pages[0]) == found(engine.search(sketch, text, 7, several=several))


@pytest.mark.parametrize(("sketch", "text"), QUERIES, ids=["both", "sketch", "text"])
def test_with_few_candidates_every_picture_comes_once_in_blocks(engine, sketch, text):
    pool, scores = 5, dict(found(engine.search(sketch, text, 50, exhaustive=True)))
    pages = [engine.search(sketch, text, 3, candidates=pool, offset=offset) for offset in range(0, PHOTOS, 3)]
    order = [id for page in pages for id, _ in found(page)]
    assert sorted(order) == sorted(scores)
    for start in range(0, PHOTOS, pool):  # each block by its exact scores
        block = [scores[id] for id in order[start : start + pool]]
        assert np.allclose(block, sorted(block, reverse=True), atol=1e-6)
    assert found(pages[0]) == found(engine.search(sketch, text, 3, candidates=pool))
    after = [result.percentile for page in pages[2:] for result in page.results]
    assert max(after) <= 100 * (PHOTOS - pool) / PHOTOS  # nothing is above those that came before


def test_a_later_page_is_not_judged(engine):
    page = engine.search(drawing(), "a red one", 3, offset=3)
    assert page.match is None and page.guesses == ()
    assert page.results[0].heatmap is not None


@pytest.mark.parametrize("region", [None, (0.1, 0.2, 0.6, 0.9)])
def test_similar_pictures_have_pages_too(engine, region):
    id = engine.gallery.id(3)
    whole = engine.similar(id, 50, region)
    pages = [engine.similar(id, 10, region, offset=offset) for offset in (0, 10, 20, 30)]
    assert [one for page in pages for one in found(page)] == found(whole)
    assert {page.total for page in pages} == {PHOTOS - 1}
    assert [result.rank for result in pages[1].results] == list(range(11, 21))


def test_pictures_that_are_turned_away_are_on_no_page(engine):
    away = [engine.gallery.id(2), engine.gallery.id(9)]
    pages = [engine.search(None, "a red one", 8, unlike=away, offset=offset) for offset in (0, 8, 16, 24)]
    shown = [id for page in pages for id, _ in found(page)]
    assert len(shown) == len(set(shown)) == pages[0].total == PHOTOS - 2
    assert not set(away) & set(shown)


@pytest.mark.parametrize("offset", [-1, "2", 0.5])
def test_an_offset_is_a_whole_number(engine, offset):
    for ask in (engine.search, engine.similar):
        with pytest.raises(SearchError, match="offset must be a whole number, 0 or more"):
            ask(None if ask == engine.search else engine.gallery.id(0), text="a red one", offset=offset)
