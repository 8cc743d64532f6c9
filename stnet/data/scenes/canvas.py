"""A small canvas on which places are painted, in units of the picture and in the light of the hour.

Coordinates run from 0 to 1 (x to the right, y down), so that the same random numbers give the same picture at
every size. Colours are given as they look by day; the canvas shades them for dusk and night.
What glows keeps its colour.
"""

from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[float, float, float]
Points = list[tuple[float, float]]

_SHADES: dict[str, Colour] = {"day": (1.0, 1.0, 1.0), "dusk": (0.92, 0.72, 0.66), "night": (0.36, 0.42, 0.6)}
_DAY_SKIES: list[tuple[Colour, Colour]] = [
    ((74, 134, 205), (186, 215, 238)),
    ((98, 160, 222), (214, 230, 240)),
    ((128, 172, 214), (232, 232, 224)),
    ((150, 168, 186), (208, 214, 218)),
]
_DUSK_SKIES: list[tuple[Colour, Colour]] = [
    ((70, 62, 118), (250, 150, 84)),
    ((104, 70, 116), (252, 178, 110)),
    ((60, 74, 128), (240, 128, 112)),
    ((122, 82, 92), (255, 196, 98)),
]
_NIGHT_SKIES: list[tuple[Colour, Colour]] = [
    ((6, 9, 26), (22, 30, 62)),
    ((4, 6, 18), (14, 26, 48)),
    ((12, 10, 34), (36, 32, 70)),
]


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour `share` of the way from `first` to `second`."""
    rest = 1.0 - share
    return (
        first[0] * rest + second[0] * share,
        first[1] * rest + second[1] * share,
        first[2] * rest + second[2] * share,
    )


def _soft_disc(strength: float, side: int = 24) -> Image.Image:
    axis = (np.arange(side) + 0.5) / side * 2 - 1
    distance = np.hypot(axis[:, None], axis[None, :])
    return Image.fromarray((255 * strength * np.clip(1.0 - distance, 0, 1) ** 0.7).astype(np.uint8))


_DISCS = [_soft_disc(step / 20) for step in range(21)]


class Canvas:
    """The picture being painted: `size` pixels square, in the light "day", "dusk" or "night".

    `random` is for the painters' choices; they must draw from it independently of the size. `floor` is the
    height (0..1) where the ground begins on which things can stand, `tint` the place's factors on colours.
    """

    def __init__(self, size: int, light: str, random: Random, noise: np.random.Generator):
        self.size = size
        self.light = light
        self.random = random
        self.floor = 0.5
        self.tint: Colour = (1.0, 1.0, 1.0)
        self.shadows = True
        self._noise = noise
        self._image = Image.new("RGB", (size, size))
        self._draw = ImageDraw.Draw(self._image)

    @property
    def night(self) -> bool:
        return self.light == "night"

    def shade(self, colour: Colour, glow: bool = False) -> tuple[int, int, int]:
        """`colour` in this light, or as it is if it glows by itself; integers in 0..255."""
        red, green, blue = colour
        if not glow:
            shade = _SHADES[self.light]
            red, green, blue = red * shade[0], green * shade[1], blue * shade[2]
        return min(255, max(0, int(red))), min(255, max(0, int(green))), min(255, max(0, int(blue)))

    def vary(self, colour: Colour, amount: float = 14) -> Colour:
        """`colour` made a little lighter or darker, and each channel moved a little."""
        uniform = self.random.uniform
        step = uniform(-amount, amount)
        half = amount / 2
        return (
            colour[0] + step + uniform(-half, half),
            colour[1] + step + uniform(-half, half),
            colour[2] + step + uniform(-half, half),
        )

    def pick(self, *colours: Colour, amount: float = 14) -> Colour:
        """One of `colours`, varied."""
        return self.vary(self.random.choice(colours), amount)

    def gradient(self, top: float, bottom: float, upper: Colour, lower: Colour, glow: bool = False) -> None:
        """Fill the full width between the heights `top` and `bottom`."""
        first, last = round(top * self.size), round(bottom * self.size)
        if last <= first:
            return
        column = np.array([[self.shade(upper, glow)], [self.shade(lower, glow)]], np.uint8)
        strip = Image.fromarray(column).resize((1, last - first), Image.Resampling.BILINEAR)
        self._image.paste(strip.resize((self.size, last - first), Image.Resampling.NEAREST), (0, first))

    def rectangle(
        self, x0: float, y0: float, x1: float, y1: float, colour: Colour, glow: bool = False
    ) -> None:
        s = self.size
        if x1 > x0 and y1 > y0:  # at least one pixel, however thin
            right, bottom = max(x0 * s, x1 * s - 0.5), max(y0 * s, y1 * s - 0.5)
            self._draw.rectangle((x0 * s, y0 * s, right, bottom), fill=self.shade(colour, glow))

    def polygon(self, points: Points, colour: Colour, glow: bool = False) -> None:
        s = self.size
        self._draw.polygon([(x * s, y * s) for x, y in points], fill=self.shade(colour, glow))

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, colour: Colour, glow: bool = False) -> None:
        s = self.size
        box = ((cx - rx) * s, (cy - ry) * s, (cx + rx) * s, (cy + ry) * s)
        self._draw.ellipse(box, fill=self.shade(colour, glow))

    def line(self, points: Points, colour: Colour, width: float = 0.008, glow: bool = False) -> None:
        s = self.size
        self._draw.line(
            [(x * s, y * s) for x, y in points],
            fill=self.shade(colour, glow),
            width=max(1, round(width * s)),
        )

    def blob(
        self,
        cx: float,
        cy: float,
        rx: float,
        ry: float,
        colour: Colour,
        strength: float = 0.6,
        glow: bool = False,
    ) -> None:
        """A soft spot of `colour`: a cloud, a glow, a shadow; `strength` in 0..1 at its centre."""
        s = self.size
        width, height = max(2, round(2 * rx * s)), max(2, round(2 * ry * s))
        disc = _DISCS[round(strength * (len(_DISCS) - 1))]
        mask = disc.resize((width, height), Image.Resampling.BILINEAR)
        corner = (round((cx - rx) * s), round((cy - ry) * s))
        self._image.paste(self.shade(colour, glow), (*corner, corner[0] + width, corner[1] + height), mask)

    def texture(
        self, top: float, bottom: float, colour: Colour, strength: float, rows: int, columns: int
    ) -> None:
        """Clouds of `colour` between two heights: noise on `rows` x `columns`, up to `strength` (0..1)."""
        first, last = round(top * self.size), round(bottom * self.size)
        grid = self._noise.integers(0, max(2, int(255 * strength)), (rows, columns), dtype=np.uint8)
        if last <= first:
            return
        mask = Image.fromarray(grid).resize((self.size, last - first), Image.Resampling.BILINEAR)
        self._image.paste(self.shade(colour), (0, first, self.size, last), mask)

    def ridge(
        self,
        base: float,
        height: float,
        colour: Colour,
        points: int = 9,
        rough: float = 1.0,
        bottom: float = 1.0,
    ) -> None:
        """Hills or roofs of trees: a ragged line up to `height` above `base`, filled down to `bottom`."""
        uniform = self.random.uniform
        tops = [(i / (points - 1), base - height * (1 - rough * uniform(0, 1))) for i in range(points)]
        self.polygon([(0.0, bottom), *tops, (1.0, bottom)], colour)

    def sky(self, horizon: float) -> None:
        """The sky of this light, down to `horizon`, with clouds, a low sun, or moon and stars."""
        random = self.random
        skies = {"day": _DAY_SKIES, "dusk": _DUSK_SKIES, "night": _NIGHT_SKIES}[self.light]
        upper, lower = random.choice(skies)
        self.gradient(0, horizon, self.vary(upper), self.vary(lower), glow=True)
        if self.light == "day":
            self._clouds(horizon, (250, 250, 252), random.randint(0, 5))
        elif self.light == "dusk":
            x, y = random.uniform(0.1, 0.9), horizon * random.uniform(0.65, 1.0)
            self.blob(x, y, 0.35, 0.22, (255, 214, 140), 0.55, glow=True)
            self.ellipse(x, y, 0.035, 0.035, (255, 238, 190), glow=True)
            self._clouds(horizon, (168, 92, 110), random.randint(0, 4))
        else:
            for _ in range(random.randint(8, 45)):
                x, y, r = random.random(), random.random() * horizon, random.uniform(0.002, 0.006)
                self.ellipse(x, y, r, r, self.vary((200, 205, 225), 40), glow=True)
            x, y, r = (
                random.uniform(0.1, 0.9),
                horizon * random.uniform(0.12, 0.5),
                random.uniform(0.025, 0.05),
            )
            if random.random() < 0.6:
                self.blob(x, y, 4 * r, 4 * r, (120, 130, 165), 0.4, glow=True)
                self.ellipse(x, y, r, r, (236, 234, 214), glow=True)

    def _clouds(self, horizon: float, colour: Colour, count: int) -> None:
        random = self.random
        for _ in range(count):
            x, y = random.random(), random.uniform(0.05, 0.8) * horizon
            width, strength = random.uniform(0.08, 0.25), random.uniform(0.3, 0.85)
            for _ in range(2):
                dx, dy = random.uniform(-0.6, 0.6) * width, random.uniform(-0.15, 0.15) * width
                self.blob(x + dx, y + dy, width, width * 0.33, colour, strength, glow=True)

    def lamp(self, x: float, y: float, radius: float, colour: Colour = (255, 226, 150)) -> None:
        """A lamp: it shines at dusk and at night."""
        if self.light != "day":
            self.blob(x, y, radius * 6, radius * 6, colour, 0.5, glow=True)
        self.ellipse(x, y, radius, radius, colour, glow=self.light != "day")

    def window(self, x0: float, y0: float, x1: float, y1: float, lit: bool) -> None:
        """A window seen from outside, lit from within or reflecting the sky."""
        if self.light != "day" and lit:
            self.rectangle(x0, y0, x1, y1, self.vary((255, 212, 120), 16), glow=True)
        else:
            self.rectangle(x0, y0, x1, y1, (104, 126, 148))

    def finish(self, blur: float) -> np.ndarray:
        """The picture, (size, size, 3) uint8, blurred a little like what lies behind a lens' focus."""
        return np.array(self._image.filter(ImageFilter.BoxBlur(blur * self.size)))
