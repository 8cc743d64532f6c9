"""Names of several things: each counts for its own thing, beside the words that are said of all."""

import numpy as np
import pytest
import torch

from stnet.model.scoring import score
from stnet.search import SearchEngine, SearchError
from stnet.search.names import check_names, part_of
from stnet.search.query import read_query
from stnet.search.several import PLACING, alike, centre_of
from tests.galleries import make_gallery
from tests.search.test_several import two_things


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    folder = make_gallery(tmp_path_factory.mktemp("gallery"), tiny_checkpoint, count=6)
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


def test_names_are_completed_and_blank_ones_are_none():
    assert check_names([" red\none "], 3, several=True) == ("red one", "", "")
    assert check_names(("", "green"), 2, several=True) == ("", "green")
    assert check_names(["", " "], 1, several=False) == check_names([], 0, several=False) == ()


@pytest.mark.parametrize(
    ("names", "things", "several", "reason"),
    [
        ("red", 2, True, "list of names"),
        (None, 2, True, "list of names"),
        (["red", 3], 2, True, "must be text"),
        (["red"], 2, False, "ask for several"),
        (["red"], 1, True, "1 names are given for 1 thing drawn apart"),
        (["red", "green", "blue"], 2, True, "3 names are given for 2 things"),
    ],
)
def test_names_of_nothing_are_refused(names, things, several, reason):
    with pytest.raises(SearchError, match=reason):
        check_names(names, things, several=several)


def test_a_thing_is_asked_for_by_its_own_name_before_the_words_of_all(engine):
    processor = engine.loaded.processor
    query = read_query(processor, two_things(), "on the beach")
    named = part_of(query, 1, "a red one", processor, 0.25)
    assert named.tokens.read == processor.text("a red one on the beach").read
    assert named.balance == 0.25
    assert torch.equal(named.sketch, processor.inked(query.things[1].ink))
    for name, balance in (("", 0.25), ("a red one", 1)):
        assert part_of(query, 1, name, processor, balance).tokens is query.tokens


@torch.inference_mode()
def test_the_score_is_the_mean_over_things_with_their_names(engine):
    found = engine.search(two_things(), several=True, names=["red", "green"], top_k=6, exhaustive=True)
    assert found.mode == "sketch+text"
    model, processor = engine.loaded.model, engine.loaded.processor
    things = []
    places = read_query(processor, two_things(), None).things
    for thing, name in zip(places, ("red", "green"), strict=True):
        words = processor.text(name)
        things.append(
            model.encode_query(
                processor.inked(thing.ink), input_ids=words.input_ids, attention_mask=words.attention_mask
            )
        )
    drawn = torch.tensor([thing.centre for thing in places])
    for result in found.results:
        patches = engine.gallery.patch_features(np.array([engine.gallery.row(result.id)]))
        parts = [score(one.sketch[0], one.query[0], patches, model.temperature) for one in things]
        centres = torch.stack([centre_of(part.attention, model.config.grid) for part in parts], dim=1)
        mean = sum(float(part.score) for part in parts) / 2
        assert result.score == pytest.approx(mean + PLACING * float(alike(centres, drawn)), abs=1e-5)


def test_which_thing_has_which_name_counts(engine):
    def scores(*names):
        found = engine.search(two_things(), several=True, names=names, top_k=6, exhaustive=True)
        return {result.id: result.score for result in found.results}

    assert scores("red", "green") != scores("green", "red")
    assert scores("", "") == scores()
    alone = engine.search(two_things(), several=True, names=["red"], balance=1, top_k=6, exhaustive=True)
    assert {result.id: result.score for result in alone.results} == scores() and alone.mode == "sketch"
