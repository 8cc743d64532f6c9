"""One query asked of two systems: each takes what it asks by, and what doesn't fit is said."""

import pytest

from stnet.search import SearchEngine, SearchError
from tests.galleries import drawing, make_gallery
from webapp.compare import ranking
from webapp.compare.ranking import compare_systems


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    gallery = make_gallery(tmp_path_factory.mktemp("comparing"), tiny_checkpoint, count=6)
    return SearchEngine.from_pretrained(tiny_checkpoint, gallery, "cpu")


def compare(engine, *systems, sketch=None, text="a red circle", top_k=4):
    return compare_systems(engine, systems=systems, sketch=sketch, text=text, top_k=top_k)


def test_both_rank_the_gallery_by_what_they_ask_by(engine):
    found = compare(engine, "stnet", "text-only", sketch=drawing())
    first, second = found.columns
    assert (first.used, second.used) == ("sketch+text", "text")
    own = engine.search(drawing(), "a red circle", 4)
    assert first.ids == [result.id for result in own.results]
    assert second.ids == [result.id for result in engine.search(text="a red circle", top_k=4).results]
    assert [result.percentile for result in first.results] == [result.percentile for result in own.results]
    assert (found.mode, found.gallery_size) == ("sketch+text", 6)
    there = {id: rank for rank, id in enumerate(second.ids, 1)}
    assert found.elsewhere(first) == [there.get(id) for id in first.ids]
    assert len(set(first.ids) & set(second.ids)) == sum(rank is not None for rank in found.elsewhere(second))


def test_a_system_without_its_half_finds_nothing(engine):
    first, second = compare(engine, "average", "sketch-only").columns
    assert len(first.results) == 4 and (second.used, second.results) == (None, ())


@pytest.mark.parametrize(
    ("systems", "message"),
    [
        (("stnet",), "Two systems are compared, got 1"),
        (("stnet", "clusters"), "no system 'clusters'"),
        (("stnet", "two-stage"), "can't name drawings"),
    ],
)
def test_what_does_not_fit_is_said(engine, systems, message):
    with pytest.raises(SearchError, match=message):
        compare(engine, *systems)


def test_large_galleries_are_refused(engine, monkeypatch):
    monkeypatch.setattr(ranking, "MOST_PICTURES", 5)
    with pytest.raises(SearchError, match="they score every picture"):
        compare(engine, "stnet", "average")
