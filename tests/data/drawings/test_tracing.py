import numpy as np
import pytest

from stnet.data.drawings.sketches import fit
from stnet.data.drawings.tracing import simplify, trace
from stnet.data.objects import CutOut, shapes_bank
from stnet.strokes import render_strokes


def square_with(inner: np.ndarray | None = None) -> CutOut:
    """A grey square of 100 pixels in a transparent frame, with a dark rectangle where ``inner`` is true."""
    pixels = np.zeros((120, 120, 4), np.uint8)
    pixels[10:110, 10:110] = (190, 190, 190, 255)
    if inner is not None:
        pixels[inner, :3] = 20
    return CutOut("square", "square", pixels[10:110, 10:110])


def length(strokes: list[np.ndarray]) -> float:
    return sum(float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes)


def test_a_plain_square_is_drawn_as_its_outline_alone():
    strokes = trace(square_with())
    points = np.concatenate(strokes)
    assert points.dtype == np.float32
    assert length(strokes) == pytest.approx(400, rel=0.06)
    low, high = points.min(axis=0), points.max(axis=0)
    np.testing.assert_allclose(high - low, 100, atol=2)
    distance = np.minimum(points - low, high - points).min(axis=1)
    assert distance.max() < 6, "a point lies inside the square"


def test_a_dark_part_inside_adds_lines_around_it():
    inner = np.zeros((120, 120), bool)
    inner[40:80, 45:75] = True
    plain, marked = trace(square_with()), trace(square_with(inner))
    assert length(marked) - length(plain) == pytest.approx(140, rel=0.3)


def test_a_ring_has_two_outlines():
    ring = shapes_bank().cut_outs("ring", held_out=False)[0]
    ink = render_strokes(fit(trace(ring)), width=2)
    middle = ink[64] > 127
    assert np.count_nonzero(np.diff(middle.astype(int)) == 1) == 4, (
        "a row through the middle crosses four lines"
    )


@pytest.mark.parametrize("category", shapes_bank().categories)
def test_a_trace_is_a_few_simple_strokes_and_always_the_same(category):
    cut_out = shapes_bank().cut_outs(category, held_out=False)[0]
    first, second = trace(cut_out), trace(cut_out)
    assert 1 <= len(first) <= 12
    assert 2 <= sum(len(stroke) for stroke in first) <= 120
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 60), (90, 3), (25, 22)])
def test_tiny_and_thin_cut_outs_still_leave_ink(height, width):
    cut_out = CutOut("thin", "thin", np.full((height, width, 4), 255, np.uint8))
    assert render_strokes(fit(trace(cut_out))).max() > 0


def test_a_faint_cut_out_still_leaves_ink():
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[5:35, 5:35] = (255, 255, 255, 60)
    assert render_strokes(fit(trace(CutOut("ghost", "ghost", pixels)))).max() > 0


def test_simplify_keeps_corners_and_drops_the_rest():
    side = np.linspace(0, 10, 11)
    line = np.concatenate([np.stack([side, 0 * side], 1), np.stack([0 * side + 10, side], 1)[1:]])
    np.testing.assert_array_equal(simplify(line, 0.5), [[0, 0], [10, 0], [10, 10]])


def test_simplify_stays_within_its_tolerance():
    across = np.linspace(0, 20, 200)
    line = np.stack([across, np.sin(across)], 1)
    short = simplify(line, 0.1)
    assert len(short) < 60
    assert np.abs(np.interp(across, *short.T) - line[:, 1]).max() < 0.2
