"""Words alone match closely only where the picture seems to show what they name."""

from dataclasses import replace

import pytest
import torch

from stnet.search import SearchEngine
from stnet.search.known_things import FIRST, KnownThings, among_first
from stnet.search.ranking import Best
from tests.galleries import load, make_gallery


@pytest.fixture
def things(tiny_checkpoint):
    loaded = load(tiny_checkpoint)
    loaded.model.config.categories = ["dog", "hot dog", "orange", "Bus", "circle", "couch"]
    return KnownThings(loaded)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a hot dog on a couch", ["hot dog", "couch"]),
        ("two DOGS, one dog", ["dog"]),
        ("buses", ["Bus"]),
        ("a couch without a dog", ["couch"]),
        ("a dogma of couchettes", []),
        ("", []),
    ],
)
def test_names_are_whole_words_that_are_asked_for(things, text, names):
    assert [things.names[place] for place in things.named_in(text)] == names


def test_a_model_without_names_finds_none_in_words(tiny_checkpoint):
    loaded = load(tiny_checkpoint)
    loaded.model.config.categories = []
    assert KnownThings(loaded).named_in("a dog (with a cat)") == []


def test_one_of_the_named_must_be_among_the_first():
    scores = torch.tensor([0.5, 0.1, 0.4, 0.3])
    assert [among_first(scores, [place]) for place in range(4)] == [True, False, True, False] and FIRST == 2
    assert among_first(scores, [1, 2]) and not among_first(scores, [1, 3])


@torch.inference_mode()
def test_a_picture_shows_a_name_whose_query_is_nearest_to_it(things):
    queries = things.queries()
    assert things.queries() is queries  # encoded once
    for place, name in enumerate(things.names):
        vector = torch.nn.functional.normalize(queries[place], dim=0)
        assert things.shows(vector, f"a {name}")
        assert things.shows(-vector, "nothing that is known")
    others = [name for name in things.names if not things.shows(-queries[0], name)]
    assert len(others) == len(things.names) - FIRST and "dog" in others


@torch.inference_mode()
def test_the_search_asks_it_of_words_alone(tiny_checkpoint, tmp_path, monkeypatch):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint, 4), "cpu")
    best, judge = Best(1, 9.0), engine.calibration.judge
    monkeypatch.setattr(KnownThings, "shows", lambda _, vector, text: text == "a circle")
    for mode, text, close in (
        ("text", "a circle", True),
        ("text", "a square", False),
        ("sketch+text", "a square", True),
        ("sketch", "", True),
    ):
        match = judge(engine.gallery, mode, best, 1.0, text)
        assert match == replace(match, close=close) and match.distinction > match.needed
    assert not judge(engine.gallery, "text", Best(1, -9.0), 1.0, "a circle").close
