"""What is drawn apart: which lines belong together, and where each thing is."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from stnet.search.things import MOST_THINGS, Thing, things_of

SIDE = 384


def paper(*boxes, dots=()):
    """Ink of ellipses in boxes x0, y0, x1, y1 and of dots at x, y."""
    ink = Image.new("L", (SIDE, SIDE), 0)
    pen = ImageDraw.Draw(ink)
    for box in boxes:
        pen.ellipse(box, outline=255, width=6)
    for x, y in dots:
        pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=255)
    return ink


def covers(thing: Thing, box):
    """Whether the thing's lines fill just this box."""
    assert thing.ink.getbbox() is not None
    return np.allclose(thing.ink.getbbox(), box, atol=2)


LEFT, RIGHT, LOW = (20, 40, 140, 160), (220, 60, 360, 200), (40, 260, 120, 340)


def test_one_thing_is_the_whole_drawing():
    ink = paper(LEFT)
    (thing,) = things_of(ink)
    assert np.array_equal(np.asarray(thing.ink), np.asarray(ink))
    assert thing.centre == pytest.approx((80 / SIDE, 100 / SIDE), abs=0.02)


def test_things_apart_are_told_apart_from_left_to_right():
    first, second, third = things_of(paper(RIGHT, LOW, (30, 40, 150, 160)))
    assert covers(first, LOW) and covers(second, (30, 40, 150, 160)) and covers(third, RIGHT)
    assert third.centre == pytest.approx((290 / SIDE, 130 / SIDE), abs=0.02)
    assert third.box == pytest.approx(tuple(edge / SIDE for edge in RIGHT), abs=0.03)
    assert third.share > second.share > first.share
    assert first.share + second.share + third.share == pytest.approx(1)


@pytest.mark.parametrize(
    ("boxes", "dots", "count"),
    [
        ([LEFT, (60, 80, 100, 120)], [], 1),  # an eye within a face
        ([LEFT, (130, 40, 250, 160)], [], 1),  # rings that cross
        ([LEFT, (146, 40, 250, 160)], [], 1),  # nearly touching
        ([LEFT, RIGHT], [(100, 230)], 2),  # a dot belongs to what is nearest
        ([LEFT], [(300, 300)], 1),
        ([LEFT, RIGHT], [], 2),
    ],
)
def test_parts_of_a_thing_are_not_things(boxes, dots, count):
    assert len(things_of(paper(*boxes, dots=dots))) == count


def test_many_pieces_are_one_drawing():
    boxes = [(x, y, x + 50, y + 50) for x in (10, 150, 300) for y in (10, 200)]
    assert len(boxes) > MOST_THINGS
    assert len(things_of(paper(*boxes))) == 1


def test_no_ink_is_lost_or_doubled():
    ink = paper(LEFT, RIGHT, LOW, dots=[(200, 250)])
    things = things_of(ink)
    assert len(things) == 3
    assert np.array_equal(sum(np.asarray(thing.ink, int) for thing in things), np.asarray(ink, int))
