"""The painters' canvas: units of the picture, in the light of the hour."""

from random import Random

import numpy as np
import pytest

from stnet.data.scenes.canvas import Canvas, mix

RED = (200.0, 0.0, 0.0)


def canvas(size: int = 40, light: str = "day") -> Canvas:
    return Canvas(size, light, Random(0), np.random.default_rng(0))


def test_a_mix_goes_from_one_colour_to_the_other() -> None:
    assert mix((0, 100, 200), (100, 0, 200), 0.25) == (25, 75, 200)


@pytest.mark.parametrize("size", [20, 40, 80])
def test_shapes_are_where_their_units_say_at_every_size(size: int) -> None:
    painted = canvas(size)
    painted.rectangle(0.5, 0.25, 1.0, 0.75, RED)
    pixels = painted.finish(0)
    assert pixels.shape == (size, size, 3) and pixels.dtype == np.uint8
    red = pixels[..., 0] == 200
    down, across = np.nonzero(red)
    assert (across.min() / size, down.min() / size) == (0.5, 0.25)
    assert red.mean() == 0.25


def test_what_glows_keeps_its_colour_at_night() -> None:
    day, night = canvas().shade(RED), canvas(light="night").shade(RED)
    assert day == (200, 0, 0) and night[0] < 100
    assert canvas(light="night").shade(RED, glow=True) == day


def test_a_colour_stays_in_its_range() -> None:
    assert canvas().shade((-20, 300, 12.9)) == (0, 255, 12)


def test_a_gradient_of_no_height_paints_nothing() -> None:
    painted = canvas()
    painted.gradient(0.5, 0.5, RED, RED)
    painted.gradient(0.6, 0.4, RED, RED)
    assert not painted.finish(0).any()


def test_a_lamp_lights_its_surroundings_after_sunset_alone() -> None:
    lit = []
    for light in ("day", "night"):
        painted = canvas(light=light)
        painted.lamp(0.5, 0.5, 0.05)
        lit.append(int(painted.finish(0)[..., 0].astype(bool).sum()))
    assert lit[1] > 4 * lit[0] > 0
