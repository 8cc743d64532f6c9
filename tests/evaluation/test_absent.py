"""Words for things that a gallery holds and doesn't hold, judged with and without names."""

import numpy as np
import pytest
import torch

from stnet.evaluation.absent import ASKED, RULES, absent_quality, markdown
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.matching import Judged, NamedThings
from stnet.search.known_things import KnownThings
from tests.evaluation.test_matching import TwoThings
from tests.galleries import load


@pytest.fixture(scope="module")
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


def test_close_words_need_a_picture_that_shows_what_they_name(loaded):
    loaded.model.config.categories, before = ["circle", "square", "dog"], loaded.model.config.categories
    things = KnownThings(loaded)
    loaded.model.config.categories = before
    named = NamedThings(things, torch.tensor([[3.0, 1.0], [2.0, 2.0], [1.0, 3.0]]))
    judged = Judged(np.array([0, 0, 1, 1, 1]), np.ones(5), np.array([True, True, True, True, False]))
    texts = ["a circle", "a dog", "a circle", "red", "a dog"]
    assert named.strict(judged, texts).close.tolist() == [True, False, False, True, False]


def test_names_can_only_take_back_what_was_called_close(loaded):
    figures = absent_quality(loaded, encode_suite(loaded.model, loaded.processor, TwoThings()))
    assert list(figures) == list(ASKED)
    for kind, rules in figures.items():
        alone, with_names = (rules[rule] for rule in RULES)
        assert alone["queries"] == with_names["queries"] == 2 * len(ASKED[kind])
        for share in ("right", "wrong", "absent"):
            assert not with_names[share] > alone[share]  # no share of no query
    lines = markdown(figures).splitlines()
    assert len(lines) == 2 + len(ASKED) * len(RULES)
    assert lines[2].startswith("| a name | nonsense alone | ") and lines[2].endswith(" (2) |")
