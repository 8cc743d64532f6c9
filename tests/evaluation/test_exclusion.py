"""What is measured of "not this", by hand: what is left out, and the shares before and after."""

import numpy as np
import pytest
import torch

from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.exclusion import SHOWN, exclusion_quality, markdown, unwanted_labels
from stnet.evaluation.ranking import modality_queries
from stnet.evaluation.suites.base import Entry
from stnet.model.scoring import score
from stnet.search.exclusion import take_away
from tests.evaluation.toys import ToySuite
from tests.galleries import load


class WithoutFacts(ToySuite):
    """The toy suite, nothing known of its pictures but what things are on them."""

    def entry(self, index):
        entry = super().entry(index)
        things = tuple(type(thing)(thing.category, thing.box) for thing in entry.objects)
        return Entry(entry.pixels, things, entry.queries)


@pytest.fixture(scope="module")
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


@torch.inference_mode()
def first_rows(model, encoded, sketch, query):
    scores = score(sketch, query, encoded.patches, model.temperature).score.numpy()
    return np.argsort(-scores, kind="stable")[:SHOWN]


def test_the_place_is_left_out_where_places_are_known_and_else_the_other_thing(loaded):
    first = np.array([[0, 1, 3]] * 8)
    places = encode_suite(loaded.model, loaded.processor, ToySuite())
    assert unwanted_labels(places, first) == ["beach"] * 8
    things = encode_suite(loaded.model, loaded.processor, WithoutFacts())
    drawn = [query.category for query in things.queries]
    other = {"square": "circle", "circle": "square"}
    assert unwanted_labels(things, first) == [other[name] for name in drawn]
    alone = unwanted_labels(things, np.array([[0, 2, 4]] * 8))  # circles alone
    assert alone == [None if name == "circle" else "circle" for name in drawn]


@torch.inference_mode()
def test_the_shares_are_those_of_the_first_pictures(loaded):
    model, processor = loaded.model, loaded.processor
    encoded = encode_suite(model, processor, WithoutFacts())
    figures = exclusion_quality(model, processor, encoded, [0.5])
    shows = {
        name: np.array([name in {t.category for t in o} for o in encoded.objects])
        for name in ("circle", "square")
    }
    drawn = modality_queries(model, encoded)["sketch"]
    before, after = [], []
    for query, sketch, vector in zip(encoded.queries, *drawn, strict=True):
        other = "circle" if query.category == "square" else "square"
        away = model.neutral_sketch * model.encode_text(*processor.text_batch([other]))[0]
        before.append(shows[other][first_rows(model, encoded, sketch, vector)].mean())
        turned = take_away(vector, [away], 0.5)
        after.append(shows[other][first_rows(model, encoded, sketch, turned)].mean())
    assert list(figures) == ["0", "0.5"]
    assert figures["0"]["queries"] == len(encoded.queries)
    assert figures["0"]["unwanted"] == pytest.approx(100 * np.mean(before))
    assert figures["0.5"]["unwanted"] == pytest.approx(100 * np.mean(after))
    assert markdown(figures).count("\n") == 3
