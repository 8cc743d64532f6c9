"""Vectors become pixels, and pixels are cut down to what can be seen."""

import sys

import numpy as np
import pytest

from stnet.data.pictograms.rendering import UnreadableDrawingError, cut_out_pixels, render
from tests.data.pictograms.shelf import FILLED


def test_a_vector_is_drawn_as_wide_as_asked(tmp_path):
    path = tmp_path / "square.svg"
    path.write_text(FILLED)
    pixels = render(path, 72)
    assert pixels.shape == (72, 72, 4)
    assert pixels[36, 36].tolist() == [0xD2, 0x2F, 0x27, 255] and pixels[2, 2, 3] == 0
    assert cut_out_pixels(pixels).shape == (48, 48, 4)


def test_a_damaged_vector_is_named(tmp_path):
    path = tmp_path / "torn.svg"
    path.write_text("<svg")
    with pytest.raises(UnreadableDrawingError, match=r"torn\.svg"):
        render(path)


def test_without_the_library_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(ValueError, match="pip install resvg-py") as caught:
        render(tmp_path / "any.svg")
    assert not isinstance(caught.value, UnreadableDrawingError)


def test_large_pictures_shrink_and_next_to_nothing_is_left_out():
    pixels = np.zeros((500, 300, 4), np.uint8)
    assert cut_out_pixels(pixels) is None
    pixels[100:105, 100:105] = 255
    assert cut_out_pixels(pixels) is None
    pixels[50:434, 20:212] = 255
    assert cut_out_pixels(pixels).shape == (192, 96, 4)
