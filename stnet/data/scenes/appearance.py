"""How a cut-out looks in a scene: its size, flip, turn, colours and what a person would call its colour."""

from functools import lru_cache
from math import cos, radians, sin

import numpy as np
from PIL import Image

from stnet.data.objects import CutOut

COLOURS: tuple[str, ...] = (
    "red",
    "orange",
    "yellow",
    "green",
    "blue",
    "purple",
    "pink",
    "brown",
    "black",
    "white",
    "grey",
)
HUE_TURNS = 6  # a shift is a number of sixths of the colour circle
_CLEAR_SHARE = 0.62
_UNNAMED = len(COLOURS)


@lru_cache(maxsize=2048)
def _levels(cut_out: CutOut) -> tuple[Image.Image, Image.Image]:
    """The cut-out with premultiplied alpha, whole and at half its size."""
    whole = Image.fromarray(cut_out.pixels).convert("RGBa")
    return whole, whole.reduce(2)


@lru_cache(maxsize=HUE_TURNS)
def _hue_matrix(shift: int) -> np.ndarray:
    """(3, 3) float32 rotation of RGB about the grey axis by `shift` sixths of a turn."""
    angle = radians(360 / HUE_TURNS * shift)
    across = (1 - cos(angle)) / 3
    skew = sin(angle) / 3**0.5
    keep = cos(angle) + across
    rows = [[keep, across - skew, across + skew], [across + skew, keep, across - skew]]
    return np.array([*rows, [across - skew, across + skew, keep]], np.float32)


def _shifted(colours: np.ndarray, shift: int) -> np.ndarray:
    return np.maximum(colours.astype(np.float32) @ _hue_matrix(shift).T, 0)


def cut(cut_out: CutOut, side: float, flip: bool, angle: float, shift: int) -> np.ndarray:
    """`cut_out` ready to be pasted, (h, w, 4) uint8 with premultiplied alpha, cropped to what is opaque.

    `side`: longer side in pixels before the turn by `angle` degrees; `flip`: mirrored left to right;
    `shift`: sixths of a turn of all hues.
    """
    whole, half = _levels(cut_out)
    source = half if side <= 0.8 * max(half.size) else whole
    scale = side / max(source.size)
    width, height = (max(1, round(length * scale)) for length in source.size)
    image = source.resize((width, height), Image.Resampling.BILINEAR)
    if flip:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if angle:
        image = image.rotate(angle, Image.Resampling.BILINEAR, expand=True)
    pixels = np.asarray(image)
    opaque = opaque_part(pixels)
    rows, columns = np.flatnonzero(opaque.any(1)), np.flatnonzero(opaque.any(0))
    pixels = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if shift:
        colours = np.minimum(_shifted(pixels[..., :3], shift), pixels[..., 3:])
        pixels = np.concatenate([colours.astype(np.uint8), pixels[..., 3:]], axis=2)
    return pixels


@lru_cache(maxsize=2048)
def _rim(cut_out: CutOut) -> np.ndarray:
    """(2, N) float32: x and y of the outermost opaque pixels of every row."""
    opaque = opaque_part(cut_out.pixels)
    rows = np.flatnonzero(opaque.any(1))
    first, last = opaque[rows].argmax(1), opaque.shape[1] - opaque[rows, ::-1].argmax(1)
    return np.array([np.concatenate([first, last]), np.concatenate([rows, rows])], np.float32)


def growth(cut_out: CutOut, angle: float) -> float:
    """The longer side of a cut-out turned by `angle` degrees, as a multiple of what it was before."""
    if not angle:
        return 1.0
    across, along = cos(radians(angle)), sin(radians(angle))
    x, y = _rim(cut_out)
    turned = np.array([across * x + along * y, across * y - along * x])
    return float((turned.max(1) - turned.min(1)).max()) / max(cut_out.pixels.shape[:2])


def opaque_part(pixels: np.ndarray) -> np.ndarray:
    """(h, w) bool: where `pixels` (h, w, 4) hide what is behind; never empty, however thin the object is."""
    alpha = pixels[..., 3]
    return alpha >= max(1, min(128, int(alpha.max()) // 2))


@lru_cache(maxsize=8192)
def colour_name(cut_out: CutOut, shift: int = 0) -> str | None:
    """One of COLOURS if most of the cut-out, its hues turned by `shift` sixths, has it; else None."""
    thumbnail = np.asarray(_levels(cut_out)[1].resize((32, 32), Image.Resampling.BOX))
    solid = thumbnail[thumbnail[..., 3] > 200]
    if len(solid) == 0:
        return None
    colours = solid[:, :3].astype(np.float32) * (255.0 / solid[:, 3:])
    if shift:
        colours = np.minimum(_shifted(colours, shift), 255)
    counts = np.bincount(_named(colours), minlength=len(COLOURS) + 1)
    best = int(counts.argmax())
    return COLOURS[best] if best != _UNNAMED and counts[best] >= _CLEAR_SHARE * len(solid) else None


def _named(colours: np.ndarray) -> np.ndarray:
    """Index into COLOURS of every colour (N, 3) in 0..255, or _UNNAMED for those between two names."""
    value, low = colours.max(1) / 255, colours.min(1) / 255
    chroma = value - low
    saturation = chroma / np.maximum(value, 1e-6)
    hue = _hue(colours / 255, value, chroma)
    dim = value < 0.62
    rules: list[tuple[np.ndarray, str]] = [
        (value < 0.22, "black"),
        ((saturation < 0.14) & (value > 0.82), "white"),
        ((saturation < 0.14) & (value < 0.74), "grey"),
        (saturation < 0.24, ""),
        (((hue < 14) | (hue > 340)) & (value > 0.75) & (saturation < 0.55), "pink"),
        ((hue < 14) | (hue > 345), "red"),
        ((hue < 44) & dim, "brown"),
        ((hue < 40) & (saturation > 0.6), "orange"),
        ((hue >= 44) & (hue < 66) & ~dim, "yellow"),
        ((hue >= 70) & (hue < 165), "green"),
        ((hue >= 180) & (hue < 250), "blue"),
        ((hue >= 258) & (hue < 300), "purple"),
        ((hue >= 305) & (hue <= 345) & (value > 0.5), "pink"),
    ]
    indices = [COLOURS.index(name) if name else _UNNAMED for _, name in rules]
    return np.select([rule for rule, _ in rules], indices, default=_UNNAMED)


def _hue(colours: np.ndarray, value: np.ndarray, chroma: np.ndarray) -> np.ndarray:
    """Hue in degrees, 0..360, of colours (N, 3) in 0..1."""
    red, green, blue = colours.T
    chroma = np.maximum(chroma, 1e-6)
    sector = np.select(
        [value == red, value == green],
        [((green - blue) / chroma) % 6, (blue - red) / chroma + 2],
        (red - green) / chroma + 4,
    )
    return 60 * sector
