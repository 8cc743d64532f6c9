"""Words that find a picture are those by which a search shows it among the first."""

import pytest

from stnet.search import SearchEngine
from stnet.search.finding import found_by_words
from tests.galleries import make_gallery


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    folder = make_gallery(tmp_path_factory.mktemp("finding"), tiny_checkpoint, count=7)
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


@pytest.mark.parametrize("first", [1, 3, 7])
def test_they_are_those_that_a_search_has_first(engine, first):
    words = {row: f"a red one and {row}" for row in (6, 0, 3, 4)}
    expected = [
        row
        for row, text in words.items()
        if engine.gallery.id(row) in [result.id for result in engine.search(None, text, first).results]
    ]
    assert found_by_words(engine, words, first) == expected
    assert expected == list(words) or first < 7


def test_no_words_find_nothing(engine):
    assert found_by_words(engine, {}, 3) == []
