"""Two things on one paper, measured: papers as the pictures have them, and the ways of asking by hand."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from stnet.data.drawings.drawings import Drawings
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.metrics import target_ranks
from stnet.evaluation.several import NAMED, PAPER, markdown, papers_of, several_quality
from stnet.model.ink import ink_of
from stnet.model.scoring import score
from stnet.search.things import things_of
from tests.evaluation.toys import ToySuite
from tests.galleries import load


@pytest.fixture(scope="module")
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


@pytest.fixture(scope="module")
def encoded(loaded):
    return encode_suite(loaded.model, loaded.processor, ToySuite())


@pytest.fixture(scope="module")
def papers(encoded, tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawings")
    square = [[0, 200, 200, 0, 0], [0, 0, 200, 200, 0]]
    circle = [
        [int(100 + 100 * np.cos(t)) for t in np.linspace(0, 6.3, 20)],
        [int(100 + 100 * np.sin(t)) for t in np.linspace(0, 6.3, 20)],
    ]
    for name, stroke in (("square", square), ("circle", circle)):
        rows = [{"word": name, "key_id": str(n), "recognized": True, "drawing": [stroke]} for n in range(40)]
        (folder / f"{name}.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows))
    names = {"square": ["square"], "circle": ["circle"]}
    return papers_of(encoded, Drawings.load(folder, names))


def test_pictures_of_two_things_get_a_paper_with_both_where_they_are(encoded, papers):
    shown = [{thing.category for thing in things} for things in encoded.objects]
    assert {paper.target for paper in papers} <= {n for n, names in enumerate(shown) if len(names) == 2}
    assert len(papers) >= 3
    for paper in papers:
        assert paper.ink.shape == (PAPER, PAPER)
        things = things_of(ink_of(Image.fromarray(255 - paper.ink)))
        assert len(things) == 2
        left, right = sorted(thing.centre for thing in things)
        assert right[0] - left[0] > 0.2  # circles are on the left of the toy pictures, squares on the right


@torch.inference_mode()
def test_the_figures_are_those_of_the_scores(loaded, encoded, papers):
    figures = several_quality(loaded.model, loaded.processor, encoded, papers)
    unnamed = ["one drawing", "apart", "apart, with places"]
    assert list(figures) == unnamed + [way + NAMED for way in unnamed]
    sketches = torch.cat([loaded.processor.sketch(Image.fromarray(255 - paper.ink)) for paper in papers])
    scores = loaded.model(pixel_values=_pixels(loaded), sketch_values=sketches).scores.numpy()
    right = np.arange(encoded.images) == np.array([paper.target for paper in papers])[:, None]
    assert figures["one drawing"]["MdR"] == np.median(target_ranks(scores, right))
    assert markdown(figures).count("\n") == 7


@torch.inference_mode()
def test_each_thing_is_asked_for_by_its_own_name(loaded, encoded, papers):
    paper = papers[0]
    ink = ink_of(Image.fromarray(255 - paper.ink))
    model, processor = loaded.model, loaded.processor
    scores = []
    for thing, name in zip(things_of(ink), ("circle", "square"), strict=True):  # from left to right
        words = processor.text(name)
        asked = model.encode_query(
            processor.inked(thing.ink), input_ids=words.input_ids, attention_mask=words.attention_mask
        )
        scores.append(score(asked.sketch[0], asked.query[0], encoded.patches, model.temperature).score)
    right = np.arange(encoded.images) == np.array([[paper.target]])
    expected = target_ranks(np.stack([torch.stack(scores).mean(0).numpy()]), right)
    figures = several_quality(model, processor, encoded, [paper])
    assert figures["apart" + NAMED]["MdR"] == expected[0]


def _pixels(loaded):
    suite = ToySuite()
    return loaded.processor.images([Image.fromarray(suite.entry(row).pixels) for row in range(len(suite))])


def test_without_papers_there_is_nothing_to_measure(loaded, encoded):
    with pytest.raises(ValueError, match="no picture of toy has two things"):
        several_quality(loaded.model, loaded.processor, encoded, [])
