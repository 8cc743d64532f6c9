import numpy as np
import pytest
from PIL import Image

from stnet.search.heatmaps import BOX_COLOUR, COLOURS, colour_map, draw_box, heatmap_overlay, upsample


def peak(row, column, value=1.0, size=4):
    grid = np.zeros((size, size), dtype=np.float32)
    grid[row, column] = value
    return grid


def test_lightness_of_the_colours_rises_all_the_way():
    colours = colour_map(np.linspace(0, 1, 256)).astype(float)
    lightness = colours @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) > -0.5).all()
    assert lightness[-1] - lightness[0] > 200
    assert (colour_map(np.array([-1.0, 2.0])) == colour_map(np.array([0.0, 1.0]))).all()


def test_colours_lie_between_their_stops():
    values = np.linspace(0, 1, 10_007).reshape(1, -1)
    place = values * (len(COLOURS) - 1)
    below = np.minimum(place.astype(int), len(COLOURS) - 2)
    share = (place - below)[..., None]
    expected = (1 - share) * COLOURS[below] + share * COLOURS[below + 1]
    found = colour_map(values)
    assert found.shape == (1, 10_007, 3) and found.dtype == np.uint8
    assert np.abs(found - expected).max() < 1
    assert (colour_map(np.arange(len(COLOURS)) / (len(COLOURS) - 1)) == COLOURS).all()


def test_the_peak_stays_where_it_was_when_enlarged():
    enlarged = upsample(peak(1, 3), (80, 40))  # cells of 20 x 10 pixels
    assert enlarged.shape == (40, 80)
    row, column = np.unravel_index(enlarged.argmax(), enlarged.shape)
    assert 10 <= row < 20
    assert column >= 60
    assert enlarged.min() == 0.0


def test_a_flat_map_stays_flat_when_enlarged():
    np.testing.assert_allclose(upsample(np.full((3, 5), 0.2, np.float32), (31, 17)), 0.2, atol=1e-6)


def test_a_picture_without_attention_is_unchanged():
    picture = Image.effect_noise((32, 24), 60).convert("RGB")
    assert heatmap_overlay(picture, np.zeros((4, 4), np.float32), 1.0).tobytes() == picture.tobytes()
    assert heatmap_overlay(picture, peak(0, 0), 1.0, opacity=0.0).tobytes() == picture.tobytes()


def test_the_scale_is_the_querys_and_not_the_maps():
    grey = Image.new("RGB", (40, 40), (128, 128, 128))
    sure, unsure = heatmap_overlay(grey, peak(1, 1, 0.8), 0.8), heatmap_overlay(grey, peak(1, 1, 0.2), 0.8)
    change = [np.abs(np.asarray(image).astype(int) - 128).max() for image in (sure, unsure)]
    assert change[0] > 1.2 * change[1] > 0
    assert sure.tobytes() == heatmap_overlay(grey, peak(1, 1, 0.2), 0.2).tobytes()


@pytest.mark.parametrize(("scale", "opacity"), [(0.0, 0.5), (float("nan"), 0.5), (1.0, -0.1), (1.0, 1.1)])
def test_a_senseless_scale_or_opacity_is_refused(scale, opacity):
    with pytest.raises(ValueError, match=r"must be"):
        heatmap_overlay(Image.new("RGB", (4, 4)), peak(0, 0), scale, opacity)


def test_the_box_is_drawn_on_a_copy():
    picture = Image.new("RGB", (101, 51), "white")
    framed = draw_box(picture, (0.2, 0.2, 0.8, 0.9))
    assert picture.getextrema() == ((255, 255),) * 3
    assert framed.getpixel((20, 30)) == BOX_COLOUR
    assert framed.getpixel((50, 10)) == BOX_COLOUR
    assert framed.getpixel((80, 30)) == BOX_COLOUR
    assert framed.getpixel((50, 30)) == (255, 255, 255)
