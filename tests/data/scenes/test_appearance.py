"""Cut-outs made ready for a scene, and the names of their colours."""

import numpy as np
import pytest

from stnet.data.objects import CutOut, shapes_bank
from stnet.data.scenes.appearance import colour_name, cut, growth, opaque_part


def disc(colour: tuple[int, int, int], second: tuple[int, int, int] | None = None) -> CutOut:
    """An oval of one colour, or of two halves, 60 pixels high and 100 wide."""
    y, x = np.mgrid[:60, :100]
    pixels = np.zeros((60, 100, 4), np.uint8)
    pixels[..., :3] = colour
    if second is not None:
        pixels[:, 50:, :3] = second
    pixels[..., 3] = 255 * (((x - 49.5) / 50) ** 2 + ((y - 29.5) / 30) ** 2 <= 1)
    return CutOut(f"test/{colour}-{second}", "disc", pixels)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((205, 30, 30), "red"),
        ((250, 130, 20), "orange"),
        ((245, 215, 40), "yellow"),
        ((40, 150, 60), "green"),
        ((40, 80, 200), "blue"),
        ((130, 60, 190), "purple"),
        ((245, 150, 170), "pink"),
        ((120, 75, 40), "brown"),
        ((20, 20, 22), "black"),
        ((245, 245, 240), "white"),
        ((128, 128, 130), "grey"),
        ((50, 190, 185), None),  # between green and blue
        ((205, 190, 160), None),  # beige
    ],
)
def test_colours_have_the_names_that_people_use(colour: tuple[int, int, int], name: str | None) -> None:
    assert colour_name(disc(colour)) == name


def test_a_mixed_object_has_no_colour() -> None:
    assert colour_name(disc((205, 30, 30), (40, 80, 200))) is None


def test_the_name_follows_a_turn_of_the_hues_and_so_do_the_pixels() -> None:
    red = disc((205, 30, 30))
    assert (colour_name(red, 2), colour_name(red, 4)) == ("green", "blue")
    turned = cut(red, 50, False, 0.0, 4)
    assert turned[20, 25, 2] > 150 > 80 > turned[20, 25, 0]


def test_a_turn_of_the_hues_leaves_grey_alone() -> None:
    grey = disc((128, 128, 128))
    assert np.abs(cut(grey, 50, False, 0.0, 3).astype(int) - cut(grey, 50, False, 0.0, 0)).max() <= 1


def test_a_cut_out_has_the_asked_size_and_premultiplied_colours() -> None:
    pixels = cut(disc((200, 100, 50)), 50, False, 0.0, 0)
    assert pixels.shape[1] == pytest.approx(50, abs=2) and pixels.shape[0] == pytest.approx(30, abs=2)
    assert (pixels[..., :3] <= pixels[..., 3:]).all()


def test_flipping_swaps_left_and_right() -> None:
    both = disc((205, 30, 30), (40, 80, 200))
    plain, flipped = cut(both, 60, False, 0.0, 0), cut(both, 60, True, 0.0, 0)
    assert np.array_equal(plain[:, ::-1], flipped)
    assert plain[18, 10, 0] > 150 > plain[18, 10, 2]


def test_turning_makes_a_long_object_higher() -> None:
    level, turned = (
        cut(disc((200, 100, 50)), 60, False, 0.0, 0),
        cut(disc((200, 100, 50)), 60, False, 12.0, 0),
    )
    assert turned.shape[0] >= level.shape[0] + 2


@pytest.mark.parametrize("angle", [-12.0, 7.0, 0.0])
def test_growth_foretells_the_longer_side(angle: float) -> None:
    for cut_out in [disc((200, 100, 50)), *(cut_out for cut_out in shapes_bank() if "red" in cut_out.name)]:
        pixels = cut(cut_out, 60 / growth(cut_out, angle), False, angle, 0)
        assert max(pixels.shape[:2]) == pytest.approx(60, abs=2.5)


def test_a_hair_line_is_still_opaque_somewhere() -> None:
    pixels = np.zeros((2, 190, 4), np.uint8)
    pixels[0, :, 3] = 90
    assert opaque_part(cut(CutOut("test/hair", "hair", pixels), 30, False, 5.0, 0)).any()
