"""A few shapes drawn in code, in several colours: the object bank that needs no download."""

import math

import numpy as np
from PIL import Image, ImageDraw

SIDE = 96
_SUPERSAMPLING = 4
_COLOURS = {
    "red": (206, 44, 49),
    "blue": (42, 88, 196),
    "yellow": (238, 196, 42),
    "green": (44, 150, 74),
    "purple": (128, 62, 168),
}
Point = tuple[float, float]


def _polar(count: int, radii: tuple[float, ...], turn: float = -math.pi / 2) -> list[Point]:
    """``count`` corners around (0.5, 0.5) whose distances from it cycle through ``radii``."""
    angles = [turn + 2 * math.pi * corner / count for corner in range(count)]
    return [
        (
            0.5 + radii[corner % len(radii)] * math.cos(angle),
            0.5 + radii[corner % len(radii)] * math.sin(angle),
        )
        for corner, angle in enumerate(angles)
    ]


def _heart() -> list[Point]:
    turns = np.linspace(0.0, 2 * math.pi, 80, endpoint=False)
    across = 16 * np.sin(turns) ** 3
    down = -(13 * np.cos(turns) - 5 * np.cos(2 * turns) - 2 * np.cos(3 * turns) - np.cos(4 * turns))
    return [(0.5 + x / 36, 0.46 + y / 36) for x, y in zip(across, down, strict=True)]


def _circle(radius: float, centre: Point = (0.5, 0.5)) -> list[Point]:
    turns = np.linspace(0.0, 2 * math.pi, 72, endpoint=False)
    return [(centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)) for turn in turns]


# Each shape: polygons in 0..1, filled in turn with the colour (True) or with nothing (False, a hole).
_SHAPES: dict[str, list[tuple[list[Point], bool]]] = {
    "arrow": [
        ([(0, 0.36), (0.55, 0.36), (0.55, 0.12), (1, 0.5), (0.55, 0.88), (0.55, 0.64), (0, 0.64)], True)
    ],
    "circle": [(_circle(0.48), True)],
    "crescent": [(_circle(0.48), True), (_circle(0.42, (0.72, 0.42)), False)],
    "cross": [
        ([(0.35, 0.02), (0.65, 0.02), (0.65, 0.98), (0.35, 0.98)], True),
        ([(0.02, 0.35), (0.98, 0.35), (0.98, 0.65), (0.02, 0.65)], True),
    ],
    "heart": [(_heart(), True)],
    "house": [
        ([(0.12, 0.45), (0.5, 0.04), (0.88, 0.45), (0.88, 0.97), (0.12, 0.97)], True),
        ([(0.4, 0.62), (0.6, 0.62), (0.6, 0.97), (0.4, 0.97)], False),
    ],
    "ladder": [
        ([(0.25, 0.02), (0.75, 0.02), (0.75, 0.98), (0.25, 0.98)], True),
        *[
            ([(0.35, top), (0.65, top), (0.65, top + 0.13), (0.35, top + 0.13)], False)
            for top in (0.08, 0.31, 0.54, 0.77)
        ],
    ],
    "ring": [(_circle(0.48), True), (_circle(0.27), False)],
    "square": [([(0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)], True)],
    "star": [(_polar(10, (0.5, 0.2)), True)],
    "triangle": [([(0.5, 0.06), (0.98, 0.92), (0.02, 0.92)], True)],
    "zigzag": [
        ([(0.02, 0.3), (0.25, 0.7), (0.26, 0.95), (0.02, 0.55)], True),
        ([(0.25, 0.7), (0.5, 0.3), (0.5, 0.55), (0.26, 0.95)], True),
        ([(0.5, 0.3), (0.75, 0.7), (0.74, 0.95), (0.5, 0.55)], True),
        ([(0.75, 0.7), (0.98, 0.3), (0.98, 0.55), (0.74, 0.95)], True),
    ],
}
# How many of the colours each shape is drawn in; the others have one cut-out only, as many stamps do.
_COLOUR_COUNTS = {"circle": 4, "square": 3, "star": 3, "triangle": 3, "heart": 2, "ring": 2, "house": 2}


def draw_shapes() -> dict[str, dict[str, np.ndarray]]:
    """Category -> colour -> (96, 96, 4) uint8 RGBA, shaded softly from a light side to a dark one."""
    drawn: dict[str, dict[str, np.ndarray]] = {}
    for number, (category, polygons) in enumerate(_SHAPES.items()):
        mask = _mask(polygons)
        names = list(_COLOURS)
        count = _COLOUR_COUNTS.get(category, 1)
        chosen = [names[(number + step) % len(names)] for step in range(count)]
        drawn[category] = {colour: _shade(mask, _COLOURS[colour]) for colour in chosen}
    return drawn


def _mask(polygons: list[tuple[list[Point], bool]]) -> np.ndarray:
    large = SIDE * _SUPERSAMPLING
    canvas = Image.new("L", (large, large), 0)
    pen = ImageDraw.Draw(canvas)
    for corners, filled in polygons:
        pen.polygon([(x * (large - 1), y * (large - 1)) for x, y in corners], fill=255 if filled else 0)
    return np.asarray(canvas.resize((SIDE, SIDE), Image.Resampling.BOX))


def _shade(mask: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    down, across = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1)
    light = 1.15 - 0.35 * (0.6 * down + 0.4 * across)
    pixels = np.empty((SIDE, SIDE, 4), np.uint8)
    pixels[..., :3] = np.clip(light[..., None] * np.array(colour), 0, 255).astype(np.uint8)
    pixels[..., 3] = mask
    return pixels
