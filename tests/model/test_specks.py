import numpy as np
import pytest

from stnet.model.specks import pen_width, without_specks


def strokes(width: int = 8) -> np.ndarray:
    ink = np.zeros((480, 480), np.uint8)
    ink[200 : 200 + width, 150:350] = 255
    ink[200:350, 150 : 150 + width] = 255
    return ink


@pytest.mark.parametrize("width", [4, 8, 16])
def test_the_pen_width_is_nearly_that_of_the_lines(width: int) -> None:
    assert pen_width(strokes(width)) == pytest.approx(width, rel=0.35)


def test_a_speck_far_from_the_drawing_goes() -> None:
    specked = strokes()
    specked[20, 30] = specked[450, 460] = 255
    assert np.array_equal(without_specks(specked, 0.2), strokes())


def test_a_dot_of_the_pen_stays() -> None:
    dotted = strokes()
    dotted[20:28, 30:38] = 255
    assert without_specks(dotted, 0.2) is dotted


def test_a_small_dot_within_the_drawing_stays() -> None:
    dotted = strokes()
    dotted[280, 280] = 255
    assert np.array_equal(without_specks(dotted, 0.2), dotted)


def test_a_speck_alone_stays() -> None:
    speck = np.zeros((480, 480), np.uint8)
    speck[20, 30] = 255
    assert without_specks(speck, 2.0) is speck
