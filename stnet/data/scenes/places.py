"""Places painted by chance: a beach, a kitchen, the moon; by day, at dusk and at night."""

from dataclasses import dataclass
from random import Random

import numpy as np

from stnet.data.scenes import indoor_places, nature_places, town_places, water_places
from stnet.data.scenes.canvas import Canvas, Colour

_PAINTERS = {
    painter.__name__.replace("_", " "): painter
    for painter in (
        nature_places.meadow,
        nature_places.wheat_field,
        water_places.beach,
        nature_places.desert,
        nature_places.snow_field,
        nature_places.forest,
        nature_places.jungle,
        water_places.lake_shore,
        nature_places.mountains,
        nature_places.cave,
        water_places.underwater,
        nature_places.moon,
        town_places.city_street,
        town_places.market,
        water_places.swimming_pool,
        town_places.garden,
        town_places.farm_yard,
        water_places.bridge,
        town_places.railway,
        water_places.harbour,
        town_places.roof_top,
        town_places.playground,
        town_places.stadium,
        indoor_places.living_room,
        indoor_places.kitchen,
        indoor_places.bathroom,
        indoor_places.classroom,
        indoor_places.library,
        indoor_places.stage,
        indoor_places.garage,
    )
}

PLACES: tuple[str, ...] = tuple(_PAINTERS)
LIGHTS: tuple[str, ...] = ("day", "dusk", "night")


@dataclass(frozen=True)
class PaintedPlace:
    """A painted place and what is needed to put things into it.

    `pixels` (size, size, 3) uint8; `floor`: height in 0..1 where the ground begins; `tint`: factors on the
    colours of what stands there; `shadows`: whether things cast shadows on the ground.
    """

    pixels: np.ndarray
    floor: float
    tint: Colour
    shadows: bool


def paint_place(place: str, light: str, size: int, rng: np.random.Generator) -> PaintedPlace:
    """Paint `place`, one of PLACES, in `light`, one of LIGHTS; one `rng` gives one picture, at any size.

    Raises ValueError for an unknown place or light, or a size below 8 pixels.
    """
    if place not in _PAINTERS:
        raise ValueError(f"unknown place {place!r}; expected one of {', '.join(PLACES)}")
    if light not in LIGHTS:
        raise ValueError(f"unknown light {light!r}; expected one of {', '.join(LIGHTS)}")
    if size < 8:
        raise ValueError(f"a place cannot be painted at {size} pixels; expected a size of 8 or more")
    canvas = Canvas(size, light, Random(int(rng.integers(2**62))), rng)
    blur = canvas.random.uniform(0.003, 0.009)
    _PAINTERS[place](canvas)
    return PaintedPlace(canvas.finish(blur), canvas.floor, canvas.tint, canvas.shadows)


def draw_place(place: str, light: str, size: int, rng: np.random.Generator) -> np.ndarray:
    """The picture of `paint_place` alone, (size, size, 3) uint8."""
    return paint_place(place, light, size, rng).pixels
