import numpy as np
import pytest

from stnet.data.drawings.sketches import fit, sketch_strokes, vary, vary_bitmap
from stnet.strokes import CANVAS, dilate, render_strokes


def drawing() -> list[np.ndarray]:
    """A long curve and eight short marks, in units of a canvas of 255."""
    turn = np.linspace(0, 6.0, 40)
    curve = np.stack([100 + 60 * np.cos(turn), 90 + 40 * np.sin(turn)], 1)
    marks = [np.array([[20 + 12 * mark, 200], [26 + 12 * mark, 215]]) for mark in range(8)]
    return [stroke.astype(np.float32) for stroke in [curve, *marks]]


def bitmap() -> np.ndarray:
    return render_strokes(fit(drawing()), width=3)


def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_fit_centres_a_drawing_and_keeps_its_proportions():
    points = np.concatenate(fit(drawing(), margin=0.1))
    original = np.concatenate(drawing())
    low, high = points.min(axis=0), points.max(axis=0)
    assert (high - low).max() == pytest.approx(0.8, abs=1e-5)
    np.testing.assert_allclose((low + high) / 2, 0.5, atol=1e-5)
    ratio = np.ptp(original, axis=0)
    assert (high - low)[0] / (high - low)[1] == pytest.approx(ratio[0] / ratio[1], rel=1e-4)


def test_no_strokes_is_an_error_and_a_single_point_is_a_dot():
    for empty in ([], [np.zeros((0, 2), np.float32)]):
        with pytest.raises(ValueError, match="drawing is empty"):
            fit(empty)
        with pytest.raises(ValueError, match="drawing is empty"):
            vary(empty, np.random.default_rng(0))
    ink = render_strokes(fit([np.array([[7.0, 7.0]], np.float32)]), width=4)
    rows, columns = np.nonzero(ink > 127)
    assert 3 <= np.ptp(rows) + 1 <= 5
    assert abs(rows.mean() - 63.5) < 1.5
    assert abs(columns.mean() - 63.5) < 1.5


@pytest.mark.parametrize("width", [1, 2, 3.5, 6])
def test_a_line_has_the_width_that_was_asked_for(width):
    ink = render_strokes([np.array([[0.1, 0.5], [0.9, 0.5]], np.float32)], width=width)
    assert ink.shape == (CANVAS, CANVAS)
    assert ink.dtype == np.uint8
    assert ink[:, 64].sum() / 255 == pytest.approx(width, abs=0.26)
    assert ink[0].max() == 0, "the canvas is empty away from the line"


def test_what_leaves_the_canvas_is_cut_off():
    ink = render_strokes([np.array([[-2.0, 0.5], [3.0, 0.5]], np.float32)], size=64)
    assert ink.shape == (64, 64)
    assert (ink.max(axis=0) > 0).all()


@pytest.mark.parametrize("diameter", [1, 2, 3, 4, 7, 12])
def test_dilation_spreads_a_point_to_an_octagon(diameter):
    ink = np.zeros((31, 31), np.uint8)
    ink[15, 15] = 200
    spread = dilate(ink, diameter)
    rows, columns = np.nonzero(spread)
    assert np.ptp(rows) + 1 == np.ptp(columns) + 1 == diameter
    assert set(spread[rows, columns]) == {200}
    if diameter >= 4:
        assert len(rows) < diameter**2, "the corners are cut"
    assert ink.sum() == 200, "the argument is left alone"


def test_no_variation_changes_nothing():
    assert same(vary(drawing(), np.random.default_rng(5), variation=0.0), fit(drawing()))
    np.testing.assert_array_equal(vary_bitmap(bitmap(), np.random.default_rng(5), variation=0.0), bitmap())


def test_variation_repeats_with_its_seed_and_differs_with_another():
    def sketch(seed: int) -> np.ndarray:
        return sketch_strokes(drawing(), np.random.default_rng(seed))

    np.testing.assert_array_equal(sketch(3), sketch(3))
    assert not np.array_equal(sketch(3), sketch(4))
    one, other = (vary_bitmap(bitmap(), np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, vary_bitmap(bitmap(), np.random.default_rng(4)))


def test_the_arguments_are_never_changed():
    strokes, ink = drawing(), bitmap()
    for seed in range(10):
        vary(strokes, np.random.default_rng(seed))
        vary_bitmap(ink, np.random.default_rng(seed))
    assert same(strokes, drawing())
    np.testing.assert_array_equal(ink, bitmap())


def test_strokes_go_missing_but_never_many_and_never_the_longest():
    rng = np.random.default_rng(0)
    counts, longest = [], []
    for _ in range(300):
        varied = vary(drawing(), rng)
        counts.append(len(varied))
        longest.append(max(len(stroke) for stroke in varied))
    assert min(counts) == 7, "at most 30 % of nine strokes"
    assert max(counts) == 9
    assert min(longest) == 40


def test_varied_drawings_stay_on_the_canvas_and_differ_in_size_place_and_side():
    rng = np.random.default_rng(1)
    boxes, mirrored = [], 0
    for _ in range(300):
        varied = vary(drawing(), rng)
        points = np.concatenate(varied)
        boxes.append([*points.min(axis=0), *points.max(axis=0)])
        curve = max(varied, key=len)
        mirrored += int(curve[0, 0] < curve[20, 0])
    low, high = np.array(boxes)[:, :2], np.array(boxes)[:, 2:]
    assert low.min() >= -1e-4
    assert high.max() <= 1 + 1e-4
    sizes = (high - low).max(axis=1)
    assert sizes.min() < 0.6
    assert sizes.max() > 0.85
    assert ((low + high) / 2).std(axis=0).min() > 0.03
    assert 100 < mirrored < 200


def test_pen_widths_span_one_to_six_pixels():
    line = [np.array([[0.0, 0.0], [1.0, 0.02]], np.float32)]
    rng = np.random.default_rng(2)
    inks = [sketch_strokes(line, rng) for _ in range(300)]
    widths = [np.median(ink.sum(axis=0)[ink.max(axis=0) > 127] / 255) for ink in inks if ink.max() > 127]
    assert min(widths) < 1.4
    assert max(widths) > 4.5


def test_sketches_never_come_out_empty():
    rng = np.random.default_rng(6)
    faint = np.zeros((CANVAS, CANVAS), np.uint8)
    faint[64, 64] = 255
    for _ in range(200):
        assert sketch_strokes(drawing(), rng, variation=1.5).max() > 127
        assert vary_bitmap(bitmap(), rng, variation=1.5).max() > 95
        assert vary_bitmap(faint, rng).max() > 0


def test_a_varied_bitmap_keeps_most_of_its_ink_and_its_canvas():
    rng = np.random.default_rng(7)
    for _ in range(100):
        varied = vary_bitmap(bitmap(), rng)
        assert varied.shape == (CANVAS, CANVAS)
        assert varied.dtype == np.uint8
        assert varied.sum() > 0.1 * bitmap().sum()


def test_an_empty_bitmap_is_an_error():
    with pytest.raises(ValueError, match="no ink"):
        vary_bitmap(np.zeros((CANVAS, CANVAS), np.uint8), np.random.default_rng(0))
