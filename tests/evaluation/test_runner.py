"""A whole measurement of a tiny model: what it says, and that it says the same every time."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from stnet.evaluation.encoding import encode_suite, prepare_sketch
from stnet.evaluation.localizing import localization
from stnet.evaluation.robustness import robustness
from stnet.evaluation.runner import evaluate, measure
from stnet.evaluation.tables import markdown
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.scoring import score
from tests.evaluation.toys import LEFT, RIGHT, ToySuite, ink


@pytest.fixture(scope="module")
def loaded(tiny_checkpoint):
    return STNetModel.from_pretrained(tiny_checkpoint).eval(), STNetProcessor.from_pretrained(tiny_checkpoint)


@pytest.fixture(scope="module")
def figures(loaded):
    return evaluate(*loaded, ToySuite())


def test_ranks_are_those_of_the_score(loaded, figures):
    model, processor = loaded
    suite = ToySuite()
    with torch.inference_mode():
        patches = model.encode_image(
            processor.images([Image.fromarray(suite.entry(row).pixels) for row in range(len(suite))])
        )
        ranks = []
        for row in range(suite.asked):
            (query,) = suite.entry(row).queries
            words = processor.text(query.text)
            vectors = model.encode_query(
                processor.sketch(Image.fromarray(255 - query.sketch)), words.input_ids, words.attention_mask
            )
            scores = score(vectors.sketch[0], vectors.query[0], patches, model.temperature).score
            ranks.append(int((scores >= scores[row]).sum()))
    assert figures["retrieval"]["sketch+text"]["MdR"] == np.median(ranks)
    assert figures["retrieval"]["sketch+text"]["R@5"] == pytest.approx(100 * np.mean(np.array(ranks) <= 5))


def test_the_figures_are_complete_and_counted(figures):
    assert (figures["suite"], figures["images"], figures["queries"], figures["complete"]) == (
        "toy",
        12,
        8,
        True,
    )
    assert list(figures["retrieval"]) == list(figures["oracle"]) == ["sketch+text", "sketch", "text"]
    groups = figures["groups"]["sketch+text"]
    assert {name: group["queries"] for name, group in groups.items()} == {
        "human sketches": 4,
        "traced sketches": 4,
        "training wording": 8,
    }
    halves = (figures["retrieval"][name]["R@10"] for name in ("sketch", "text"))
    assert figures["gain"]["R@10"] == figures["retrieval"]["sketch+text"]["R@10"] - max(halves)


def test_by_category_and_percentiles_know_their_chance(figures):
    found = figures["sketch by category"]
    # circles are on all 12 pictures, squares on 6
    assert found["mean of categories"]["chance"] == found["mean of queries"]["chance"] == 75
    assert found["categories"]["number"] == 2
    assert found["mean of queries"]["Prec@100"] == 75  # all places there are
    reached = figures["percentile"]["sketch"]["reached"]
    assert reached["50"]["chance"] == 50 and reached["95"]["chance"] == 0
    assert figures["candidates"]["text"]["50"] == 100  # 12 pictures fit into any pool


def test_localization_is_beside_its_chance(figures):
    place = figures["localization"]
    assert place["queries"] == 8
    assert place["pointing game, chance by area"] == place["mean IoU, whole picture"] * 100 == 25
    # alone on its picture an object is always hit at random, one of two half of the time
    assert place["pointing game, chance by object"] == 75
    assert place["mean IoU, chance by object"] == pytest.approx(0.75)


def test_the_point_is_the_strongest_patch(loaded):
    model, processor = loaded
    encoded = encode_suite(model, processor, ToySuite(size=2, queries=2))
    first, second = encoded.sketches.clone()
    patches = -encoded.sketches[:, None].repeat(1, 16, 1)  # looks away from what is drawn
    # of 4 x 4 patches number 4 lies on the left (query 0's object), number 7 on the right (query 1's)
    patches[0, 4], patches[1, 7] = first, second
    assert [query.boxes for query in encoded.queries] == [(LEFT,), (RIGHT,)]
    assert localization(model, replace(encoded, patches=patches))["pointing game"] == 100
    patches[0] = patches[0].flip(0)
    assert localization(model, replace(encoded, patches=patches))["pointing game"] == 50


def test_a_suite_without_words_is_asked_by_sketch_alone(loaded):
    figures = evaluate(*loaded, ToySuite(words=False, complete=False))
    assert list(figures["retrieval"]) == ["sketch"] and "gain" not in figures
    text = markdown(figures)
    assert "PART of the suite" in text and "| sketch, oracle |" in text and "over the better half" not in text


class Changed(ToySuite):
    """The toy with other queries: `change` makes them of the toy's own."""

    def __init__(self, change):
        super().__init__()
        self.change = change

    def entry(self, index):
        entry = super().entry(index)
        return replace(entry, queries=tuple(map(self.change, entry.queries)))


def test_a_suite_without_sketches_is_asked_by_words_alone(loaded):
    def worded(query):
        """Of words that nobody knows to state anything; the next picture is as right."""
        return replace(query, sketch=None, boxes=(), facts=(), groups=(), also=frozenset({query.image + 1}))

    model, processor = loaded
    encoded = encode_suite(model, processor, Changed(worded))
    assert not encoded.drawn and torch.equal(encoded.sketches[3], model.neutral_sketch)
    assert encoded.right(slice(2, 4)).nonzero()[1].tolist() == [2, 3, 3, 4]
    figures = measure(model, encoded)
    assert list(figures["retrieval"]) == ["text"] and "gain" not in figures
    assert figures["oracle"] == {} and figures["sketch by category"] is None
    text = markdown(figures)
    assert "| text | " in text and "oracle" not in text and "by category" not in text


def test_a_sketch_for_some_queries_alone_is_an_error(loaded):
    mixed = Changed(lambda query: replace(query, sketch=None) if query.image else query)
    with pytest.raises(ValueError, match="1 of toy's 8 queries have a sketch"):
        encode_suite(*loaded, mixed)


def test_twice_the_same_to_the_last_digit(loaded, figures):
    assert json.dumps(evaluate(*loaded, ToySuite())) == json.dumps(figures)


def test_worker_processes_change_nothing(loaded, figures):
    assert json.dumps(evaluate(*loaded, ToySuite(), workers=2)) == json.dumps(figures)


def test_every_picture_is_made_once(loaded):
    suite = ToySuite()
    encode_suite(*loaded, suite)
    assert suite.entries_made == len(suite)


def test_no_queries_and_blank_sketches_are_errors(loaded):
    with pytest.raises(ValueError, match="the suite toy has no query"):
        encode_suite(*loaded, ToySuite(queries=0))
    with pytest.raises(ValueError, match="no ink"):
        prepare_sketch(loaded[1], np.zeros((32, 32), np.uint8))
    assert prepare_sketch(loaded[1], ink()).shape == (1, 32, 32)


def test_robustness_is_measured_where_strokes_are_known(loaded):
    model, processor = loaded
    encoded = encode_suite(model, processor, ToySuite())
    found = robustness(model, processor, encoded)
    assert found["queries"] == 4 and "first 25 % drawn" in found["changes"]
    assert all(set(row) == {"sketch+text", "sketch"} for row in found["changes"].values())
    text = markdown(measure(model, encoded) | {"robustness": found})
    assert "| R@10 of 4 drawings |" in text and "| upside down |" in text
    assert "| rotated by 30 degrees, over as drawn |" in text
    with pytest.raises(ValueError, match="no query of toy has strokes"):
        robustness(model, processor, encode_suite(model, processor, ToySuite(size=1, queries=1)))


def test_the_table_says_what_the_figures_say(figures):
    lines = markdown(figures).splitlines()
    assert lines[0] == "**toy**: 8 queries on 12 pictures"
    row = next(line for line in lines if line.startswith("| sketch+text |"))
    values = figures["retrieval"]["sketch+text"].values()
    assert row == "| sketch+text | " + " | ".join(f"{value:.1f}" for value in values) + " |"
