"""A picture's rank, however far down it is: beside the results, which stay what they are."""

import pytest

from stnet.search import SearchEngine, SearchError
from tests.galleries import drawing, make_gallery


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    folder = make_gallery(tmp_path_factory.mktemp("sought"), tiny_checkpoint, count=6)
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


def shown(response):
    return [(result.id, result.score, result.percentile) for result in response.results]


def test_every_picture_has_the_rank_that_all_results_give_it(engine):
    everything = engine.search(drawing(), "a red one", 6)
    for result in everything.results:
        found = engine.search(drawing(), "a red one", 2, sought=result.id)
        assert found.sought == (result.id, result.rank)
        assert shown(found) == shown(everything)[:2]
        assert found.middle == everything.middle
        assert found.to_dict()["sought"] == {"id": result.id, "rank": result.rank}


def test_a_picture_is_scored_although_it_is_no_candidate(engine):
    last = engine.search(text="a red one", top_k=6).results[-1].id
    found = engine.search(text="a red one", top_k=1, candidates=1, sought=last)
    assert found.sought == (last, 2)  # of the two that were scored


def test_nothing_sought_has_no_rank(engine):
    found = engine.search(text="a red one")
    assert found.sought is None and found.to_dict()["sought"] is None


def test_what_was_turned_away_from_has_no_rank(engine):
    found = engine.search(text="a red one", sought="photo-01.png", unlike=["photo-01.png"])
    assert found.sought == ("photo-01.png", None)
    assert "photo-01.png" not in {result.id for result in found.results}


@pytest.mark.parametrize("id", ["nobody", 3, ["photo-01.png"]])
def test_what_is_not_there_is_refused(engine, id):
    with pytest.raises(SearchError, match=r"has the id 'nobody'|must be text, got (int|list)"):
        engine.search(text="a red one", sought=id)
