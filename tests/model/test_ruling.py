import numpy as np
import pytest

from stnet.model.ruling import without_ruling


def stroke() -> np.ndarray:
    """Upright and ten pixels wide: it crosses the lines."""
    ink = np.zeros((400, 400), np.uint8)
    ink[50:350, 200:210] = 255
    return ink


def ruled(count: int) -> np.ndarray:
    ink = stroke()
    for row in range(30, 30 + 40 * count, 40):
        ink[row : row + 2] = np.maximum(ink[row : row + 2], 120)
    return ink


@pytest.mark.parametrize("turned", [False, True])
def test_ruling_goes_and_strokes_that_cross_it_stay(turned: bool) -> None:
    expected, ink = (stroke().T, ruled(8).T) if turned else (stroke(), ruled(8))
    assert np.array_equal(without_ruling(ink, 32), expected)


def test_a_line_that_a_stroke_along_it_hides_does_not_hide_the_others() -> None:
    ink = ruled(8)
    ink[100:120, 20:380] = 255
    expected = stroke()
    expected[100:120, 20:380] = 255
    left = without_ruling(ink, 32)
    assert np.array_equal(left[130:], expected[130:])
    assert (left[100:120, 20:380] == 255).mean() > 0.7


def test_two_lines_are_no_ruling() -> None:
    ink = ruled(2)
    assert without_ruling(ink, 32) is ink


def test_thick_lines_and_lines_that_end_before_the_edge_are_no_ruling() -> None:
    thick, short = np.zeros((400, 400), np.uint8), np.zeros((400, 400), np.uint8)
    for row in range(30, 350, 40):
        thick[row : row + 12] = 255
        short[row : row + 2, 100:300] = 255
    assert without_ruling(thick, 32) is thick
    assert without_ruling(short, 32) is short


def test_a_small_picture_stays_as_it_is() -> None:
    ink = ruled(8)[:100, :100]
    assert without_ruling(ink, 32) is ink
