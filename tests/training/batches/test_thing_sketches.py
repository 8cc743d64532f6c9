"""Who draws a thing: people where they drew such a name, a pictogram's lines, or its own outline."""

import numpy as np
import pytest

from stnet.training.batches.kept_pictures import KeptObject
from stnet.training.batches.thing_sketches import HUMAN, LINES
from tests.training.shapes import BANK, SPLIT
from tests.training.things import NAMES, drawings, ink, sketches, things_bank

KITE = KeptObject("kite", "emoji/0")
GADGET = KeptObject("tools/gadget", "clip-art/1")
SHAPE = KeptObject(SPLIT.seen[0], BANK.cut_outs(SPLIT.seen[0], held_out=False)[0].name)


def drawn(thing, count=200, **changes):
    """So many drawings of a thing, and the names of people's."""
    source, rng = sketches(**changes), np.random.default_rng(0)
    made = [source.draw(thing, rng) for _ in range(count)]
    assert all(one.shape == (128, 128) and one.dtype == np.uint8 and one.any() for one, _ in made)
    return made


def test_people_draw_most_of_what_they_drew():
    names = [name for _, name in drawn(KITE)]
    assert set(names) == {"kite", None}
    assert names.count("kite") / len(names) == pytest.approx(HUMAN, abs=0.1)


def test_what_nobody_drew_comes_from_lines_or_from_its_outline(monkeypatch):
    monkeypatch.setattr(
        "stnet.training.batches.thing_sketches.vary_drawing", lambda drawing, *_, **__: drawing
    )
    source, rng = sketches(names=["parcel"]), np.random.default_rng(0)
    made = [source.draw(KITE, rng) for _ in range(200)]
    assert {name for _, name in made} == {None}
    lines = [isinstance(one, np.ndarray) and np.array_equal(one, ink(0)) for one, _ in made]
    assert sum(lines) / len(lines) == pytest.approx(LINES, abs=0.1)
    outlines = {id(one) for (one, _), of_lines in zip(made, lines, strict=True) if not of_lines}
    assert len(outlines) == 1  # traced once


@pytest.mark.parametrize("thing", [GADGET, SHAPE])
def test_a_thing_without_name_or_lines_is_traced(thing):
    assert {name for _, name in drawn(thing, 5)} == {None}


def test_a_photos_thing_is_drawn_by_people_or_not_at_all():
    source = sketches()
    assert {name for _, name in drawn(KeptObject("parcel", None), 20)} == {"parcel"}
    assert source.can_draw(KeptObject("parcel", None)) and not source.can_draw(KeptObject("cloud", None))


def test_names_that_may_not_be_used_are_not():
    assert {name for _, name in drawn(KITE, 30, bank=things_bank(), names=["parcel"])} == {None}
    assert "kite" in NAMES and drawings().has_named("kite")
