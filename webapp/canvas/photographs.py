"""Photo or drawing: what a visitor puts on the paper may be either."""

import numpy as np
from PIL import Image, ImageFilter

from stnet.pictures import picture_to_rgb

SIDE = 128  # pixels of the longer side at which a picture is looked at
MOST_HALF_TONES = 0.09  # of the pixels: pens leave some at their edges, ruled paper at its lines
MOST_COLOURS = 0.025  # of paper, as the standard deviation of its shares of red, green and blue together
_WINDOW = 11  # pixels: what is narrower is ink, not paper
_INK, _PEN = 0.8, 0.45  # of the paper's brightness: between them is neither paper nor a pen's line


def is_photo(picture: Image.Image) -> bool:
    """Whether a picture is a photo, or as good as one, and no drawing on paper.

    A drawing is thin ink on a ground of one colour: held against the ground around it (the brightest within
    some pixels, in light that may fall off), a pixel is ground or ink. Where more than MOST_HALF_TONES of the
    pixels are between both, or the ground itself has several colours, it is a photo. A drawing on a dark
    ground is turned light first. ``python -m benchmarks.photo_or_drawing`` measures how often that is wrong.
    """
    small = picture_to_rgb(picture).copy()
    small.thumbnail((SIDE, SIDE))
    pixels = np.asarray(small, dtype=np.float32)
    light = pixels.mean(axis=2)
    if np.median(light) - light.min() < light.max() - np.median(light):  # a dark ground
        pixels = 255 - pixels
    ground = _ground(pixels)
    relative = ((pixels + 8) / (ground + 8)).min(axis=2)  # 8: black has no brightness to compare
    half_tones = ((relative > _PEN) & (relative < _INK)).mean()
    shares = (ground + 8) / (ground + 8).sum(axis=2, keepdims=True)
    colours = shares.reshape(-1, 3).std(axis=0).sum()
    return bool(half_tones > MOST_HALF_TONES or colours > MOST_COLOURS)


def _ground(pixels: np.ndarray) -> np.ndarray:
    """The brightest around each pixel, as far as it is wider than ink: (H, W, 3) float32 -> the same."""
    picture = Image.fromarray(pixels.astype(np.uint8))
    closed = picture.filter(ImageFilter.MaxFilter(_WINDOW)).filter(ImageFilter.MinFilter(_WINDOW))
    return np.asarray(closed.filter(ImageFilter.BoxBlur(_WINDOW / 2)), dtype=np.float32)
