import numpy as np

from stnet.model.frames import without_frame


def stroke() -> np.ndarray:
    ink = np.zeros((300, 300), np.uint8)
    ink[100:106, 50:250] = 255
    ink[100:250, 50:56] = 255
    return ink


def test_a_frame_wider_than_the_pen_goes() -> None:
    framed = stroke()
    framed[:20] = framed[-20:] = framed[:, :20] = framed[:, -20:] = 230
    assert np.array_equal(without_frame(framed), stroke())


def test_a_bar_along_one_side_goes() -> None:
    barred = stroke()
    barred[:, :30] = 255
    assert np.array_equal(without_frame(barred), stroke())


def test_a_line_that_the_edge_cuts_in_half_was_drawn() -> None:
    drawn = stroke()
    drawn[:3] = 255
    assert np.array_equal(without_frame(drawn), drawn)


def test_a_bar_alone_stays() -> None:
    bar = np.zeros((300, 300), np.uint8)
    bar[:, :30] = 255
    assert np.array_equal(without_frame(bar), bar)


def test_ink_that_covers_no_side_stays_as_it_is() -> None:
    ink = stroke()
    ink[:10, :200] = 255
    assert without_frame(ink) is ink
