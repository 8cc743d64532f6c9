"""Worse drawings, point by point."""

import numpy as np
import pytest

from stnet.data.drawings.changes import moved, rotated, scaled, unfinished

# 10 to the right, 10 down; then a stroke of 20
CORNER = np.array([[0, 0], [10, 0], [10, 10]], np.float32)
LINE = np.array([[0, 20], [20, 20]], np.float32)


def length(strokes):
    return sum(np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum() for stroke in strokes)


@pytest.mark.parametrize("missing", [0.0, 0.25, 0.5, 0.75, 0.9])
def test_an_unfinished_drawing_is_as_long_as_it_says(missing):
    assert length(unfinished([CORNER, LINE], missing)) == pytest.approx(40 * (1 - missing))


def test_the_last_strokes_are_missing():
    (first, second) = unfinished([CORNER, LINE], 0.25)
    assert first is CORNER and second.tolist() == [[0, 20], [10, 20]]
    (only,) = unfinished([CORNER, LINE], 0.625)
    assert only.tolist() == [[0, 0], [10, 0], [10, 5]]


def test_something_is_left_of_every_drawing():
    dot = np.array([[3, 4]], np.float32)
    assert unfinished([dot, LINE], 1.0) == [dot]


def test_moves_scales_and_turns_are_around_the_canvas():
    (shifted,) = moved([np.array([[0.5, 0.5]], np.float32)], 0.25, -0.25)
    assert shifted.tolist() == [[0.75, 0.25]]
    (small,) = scaled([np.array([[0.0, 1.0], [0.5, 0.5]], np.float32)], 0.5)
    assert small.tolist() == [[0.25, 0.75], [0.5, 0.5]]
    (turned,) = rotated([np.array([[1.0, 0.5], [0.5, 0.0]], np.float32)], 90)
    assert turned == pytest.approx(np.array([[0.5, 1.0], [1.0, 0.5]]))  # clockwise: right becomes down
