"""Several things on one paper: the score by hand, places that count, and every thing's own frame."""

from itertools import combinations

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageOps

from stnet.model.scoring import score
from stnet.search import SearchEngine
from stnet.search.encoding import QueryEncoder
from stnet.search.query import read_query
from stnet.search.ranking import Best, Ranker
from stnet.search.several import PLACING, alike, centre_of
from tests.galleries import make_gallery


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    folder = make_gallery(tmp_path_factory.mktemp("gallery"), tiny_checkpoint, count=6)
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


def two_things():
    """A ring on the upper left, a smaller square on the lower right."""
    sheet = Image.new("L", (200, 200), 255)
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((10, 10, 90, 90), outline=0, width=4)
    pen.rectangle((130, 130, 180, 180), outline=0, width=4)
    return sheet


def test_the_centre_is_where_attention_is():
    attention = torch.zeros(2, 6)
    attention[0, 4] = 1.0  # row 1, column 1 of 2 x 3
    attention[1, 0], attention[1, 2] = 0.5, 0.5
    expected = torch.tensor([[0.5, 0.75], [0.5, 0.25]])
    torch.testing.assert_close(centre_of(attention, (2, 3)), expected)


def test_places_are_alike_by_direction_and_not_by_distance():
    drawn = torch.tensor([[0.0, 0.0], [1.0, 0.0]])
    ways = [(0.3, 0.0), (-2.0, 0.0), (0.0, 0.7), (1.0, 1.0)]
    found = torch.tensor([[(0.5, 0.5), (0.5 + x, 0.5 + y)] for x, y in ways])
    assert alike(found, drawn).tolist() == pytest.approx([1.0, -1.0, 0.0, np.sqrt(0.5)], abs=1e-6)
    three = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert alike(three[None], three).tolist() == pytest.approx([1.0])
    mirrored = three[:, [1, 0]]
    pairs = list(combinations(range(3), 2))
    by_hand = np.mean(
        [
            float(torch.cosine_similarity(m, t, dim=0))
            for m, t in ((mirrored[b] - mirrored[a], three[b] - three[a]) for a, b in pairs)
        ]
    )
    assert alike(mirrored[None], three).tolist() == pytest.approx([by_hand])


@torch.inference_mode()
def test_the_score_is_the_mean_of_the_things_and_their_places(engine):
    found = engine.search(two_things(), "red", 6, several=True, exhaustive=True)
    assert found.things == 2 and len(found.results) == 6
    model, processor = engine.loaded.model, engine.loaded.processor
    query = read_query(processor, two_things(), "red")
    words = {"input_ids": query.tokens.input_ids, "attention_mask": query.tokens.attention_mask}
    things = [model.encode_query(processor.inked(thing.ink), **words) for thing in query.things]
    drawn = torch.tensor([thing.centre for thing in query.things])
    for result in found.results:
        patches = engine.gallery.patch_features(np.array([engine.gallery.row(result.id)]))
        parts = [score(t.sketch[0], t.query[0], patches, model.temperature) for t in things]
        centres = torch.stack([centre_of(part.attention, model.config.grid) for part in parts], dim=1)
        mean = sum(float(part.score) for part in parts) / 2
        expected = mean + PLACING * float(alike(centres, drawn))
        assert result.score == pytest.approx(expected, abs=1e-5)
        assert len(result.boxes) == 2 and result.box == result.boxes[0]


def test_every_thing_has_its_frame_and_the_heat_map_is_of_all(engine):
    both = engine.search(two_things(), several=True).results[0]
    parts = [engine.search(two_things().crop(box)) for box in ((0, 0, 110, 110), (110, 110, 200, 200))]
    alone = [next(r for r in part.results if r.id == both.id) for part in parts]
    np.testing.assert_allclose(both.heatmap, (alone[0].heatmap + alone[1].heatmap) / 2, atol=1e-6)
    assert both.boxes == (alone[0].box, alone[1].box)  # from left to right on the paper
    assert both.to_dict()["boxes"] == [list(box) for box in both.boxes]


def test_where_the_things_are_drawn_counts(engine):
    here, mirrored = (
        engine.search(sheet, several=True, exhaustive=True)
        for sheet in (two_things(), two_things().transpose(Image.Transpose.FLIP_TOP_BOTTOM))
    )
    assert {r.id: r.score for r in here.results} != {r.id: r.score for r in mirrored.results}


def test_a_single_thing_is_searched_as_ever(engine):
    sheet = two_things().crop((0, 0, 110, 110))
    once, several = engine.search(sheet), engine.search(sheet, several=True)
    assert once.things == several.things == 1
    assert [(r.id, r.score) for r in once.results] == [(r.id, r.score) for r in several.results]


@torch.inference_mode()
def test_the_match_is_as_close_as_the_thing_that_is_least_so(engine):
    found = engine.search(two_things(), several=True)
    model, processor, gallery = engine.loaded.model, engine.loaded.processor, engine.gallery
    ranker, encoder = Ranker(model, gallery), QueryEncoder(engine.loaded)
    row = gallery.row(found.results[0].id)
    reached = []
    for thing in read_query(processor, two_things(), None).things:
        vectors = encoder.encode(read_query(processor, ImageOps.invert(thing.ink), None))
        best = Best(row, float(ranker.scores(vectors, np.array([row]))[0]))
        reached.append(engine.calibration.judge(gallery, "sketch", best, found.match.needed).distinction)
    assert found.match.distinction == pytest.approx(min(reached), abs=2e-3)


def test_of_several_things_the_one_with_most_ink_is_named(tiny_checkpoint, tmp_path):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint), "cpu")
    torch.manual_seed(0)
    engine.loaded.model.naming_head = torch.nn.Linear(16, 3)
    engine.loaded.model.config.drawn_names = ["cat", "cup", "sea"]
    ring = engine.guess(two_things().crop((0, 0, 110, 110)))
    assert engine.search(two_things(), several=True).guesses == ring != ()
    mirrored = ImageOps.mirror(two_things())
    ring = engine.guess(mirrored.crop((90, 0, 200, 110)))
    assert engine.search(mirrored, several=True).guesses == ring
