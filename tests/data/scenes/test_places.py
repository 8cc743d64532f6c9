"""Places: recognisable, never twice the same, and the same at every size."""

import numpy as np
import pytest
from PIL import Image

from stnet.data.scenes.places import LIGHTS, PLACES, draw_place, paint_place


def picture(place: str, light: str, size: int, seed: int = 0) -> np.ndarray:
    return draw_place(place, light, size, np.random.default_rng(seed))


def reduced(pixels: np.ndarray, size: int = 16) -> np.ndarray:
    """The picture averaged over squares, as floats."""
    return np.asarray(Image.fromarray(pixels).resize((size, size), Image.Resampling.BOX), np.float32)


def test_there_are_enough_places_and_three_lights() -> None:
    assert len(set(PLACES)) == len(PLACES) >= 24
    assert LIGHTS == ("day", "dusk", "night")


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_the_same_for_the_same_numbers_and_another_for_others(place: str) -> None:
    first = picture(place, "day", 48)
    assert first.shape == (48, 48, 3) and first.dtype == np.uint8
    assert np.array_equal(first, picture(place, "day", 48))
    assert np.abs(first.astype(int) - picture(place, "day", 48, seed=1)).mean() > 4


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("light", LIGHTS)
def test_a_place_looks_the_same_at_every_size(place: str, light: str) -> None:
    small, large = picture(place, light, 128), picture(place, light, 192)
    assert np.abs(reduced(small) - reduced(large)).mean() < 6


@pytest.mark.parametrize("place", PLACES)
def test_night_is_darker_and_dusk_warmer_than_day(place: str) -> None:
    day, dusk, night = (
        np.mean([picture(place, light, 48, seed).mean((0, 1)) for seed in range(6)], axis=0)
        for light in LIGHTS
    )
    assert night.mean() < 0.85 * day.mean()
    assert dusk[0] / dusk[2] > day[0] / day[2]


def test_the_random_numbers_that_follow_do_not_depend_on_the_size() -> None:
    for place in PLACES:
        small, large = np.random.default_rng(3), np.random.default_rng(3)
        first = paint_place(place, "dusk", 16, small)
        second = paint_place(place, "dusk", 64, large)
        assert small.random() == large.random()
        assert (first.floor, first.tint, first.shadows) == (second.floor, second.tint, second.shadows)
        assert 0.2 < first.floor < 0.75


def test_places_differ_more_than_pictures_of_one_place() -> None:
    """The nearest other picture by average colours is mostly of the same place: one can tell where it is."""
    pictures = [(place, reduced(picture(place, "day", 32, seed), 8)) for place in PLACES for seed in range(4)]
    features = np.array([pixels.ravel() for _, pixels in pictures])
    distances = np.abs(features[:, None] - features[None]).mean(-1) + 1e9 * np.eye(len(features))
    same = [pictures[i][0] == pictures[j][0] for i, j in enumerate(distances.argmin(1))]
    assert np.mean(same) > 0.5  # chance: 3 of 119


def test_unknown_places_lights_and_sizes_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="unknown place 'volcano'; expected one of meadow"):
        draw_place("volcano", "day", 32, rng)
    with pytest.raises(ValueError, match="unknown light 'noon'"):
        draw_place("beach", "noon", 32, rng)
    with pytest.raises(ValueError, match="cannot be painted at 4 pixels"):
        draw_place("beach", "day", 4, rng)
