import numpy as np
import pytest
from PIL import Image

from stnet.search.heatmaps import BOX_COLOUR, COLOURS, PALETTE, draw_box, heatmap_overlay, upsample


def peak(row, column, value=1.0, size=4):
    grid = np.zeros((size, size), dtype=np.float32)
    grid[row, column] = value
    return grid


def test_lightness_of_the_colours_rises_all_the_way():
    lightness = PALETTE.astype(float) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) > -0.5).all()
    assert lightness[-1] - lightness[0] > 200


def test_colours_lie_between_their_stops():
    place = np.arange(256) / 255 * (len(COLOURS) - 1)
    below = np.minimum(place.astype(int), len(COLOURS) - 2)
    share = (place - below)[:, None]
    expected = (1 - share) * COLOURS[below] + share * COLOURS[below + 1]
    assert PALETTE.shape == (256, 3) and PALETTE.dtype == np.uint8
    assert np.abs(PALETTE - expected).max() <= 0.5
    assert (PALETTE[[0, -1]] == COLOURS[[0, -1]]).all()


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


def test_the_blend_is_that_of_the_plain_formula_to_two_of_255():
    picture = Image.effect_noise((120, 90), 60).convert("RGB")
    attention = np.random.default_rng(0).random((5, 6), dtype=np.float32) ** 4
    values = np.clip(upsample(attention, picture.size) / 0.6, 0, 1)[..., None]
    weight = 0.6 * np.sqrt(values)
    expected = (
        np.asarray(picture) * (1 - weight) + PALETTE[(values[..., 0] * 255).round().astype(int)] * weight
    )
    found = np.asarray(heatmap_overlay(picture, attention, 0.6, opacity=0.6))
    assert np.abs(found - expected).max() < 2
    assert (values == 1).any()  # what is above the scale has the last colour


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
