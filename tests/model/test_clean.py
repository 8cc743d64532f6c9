import numpy as np

from stnet.model.clean import is_clean


def stroke() -> np.ndarray:
    """Four pixels wide, with a soft edge a pixel wide on both sides, from edge to edge."""
    ink = np.zeros((100, 100), np.uint8)
    ink[40:46] = 100
    ink[41:45] = 255
    return ink


def test_solid_strokes_with_soft_edges_are_clean() -> None:
    assert is_clean(stroke())
    assert is_clean(stroke().T)


def test_grey_far_from_any_stroke_is_not_clean() -> None:
    ink = stroke()
    ink[80, 20] = 1
    assert not is_clean(ink)


def test_a_single_solid_pixel_is_not_clean() -> None:
    ink = stroke()
    ink[80, 20] = 255
    assert not is_clean(ink)
    ink[81, 20] = 255
    assert is_clean(ink)


def test_ink_on_more_than_half_of_the_paper_is_not_clean() -> None:
    ink = stroke()
    ink[:60] = 255
    assert not is_clean(ink)
