"""Strokes, and the ink that they leave on a canvas: for the page and for data.

Ink is (S, S) uint8, ink high: 255 where a line is, 0 on the empty canvas.
"""

import numpy as np
from PIL import Image, ImageDraw

Strokes = list[np.ndarray]
"""Each stroke is (N, 2) float32: x, y with y down, in any unit that all strokes of a drawing share."""
CANVAS = 128
PLAIN_WIDTH = 2.0
_SUPERSAMPLING = 2


def render_strokes(strokes: Strokes, *, size: int = CANVAS, width: float = PLAIN_WIDTH) -> np.ndarray:
    """Draw strokes given in canvas units (0..1, y down; see `stnet.data.drawings.sketches`).

    ``width`` is the line's width in pixels of the result, in steps of half a pixel. Returns (size, size)
    uint8, ink high, with softened edges. What lies beyond the canvas is cut off, as on a real one.
    """
    large = size * _SUPERSAMPLING
    canvas = Image.new("L", (large, large), 0)
    pen = ImageDraw.Draw(canvas)
    for stroke in strokes:
        corners = (stroke * (large - 1)).ravel().tolist()
        if len(corners) == 2:
            pen.point(corners, fill=255)
        elif corners:
            pen.line(corners, fill=255, width=1)
    # Thin lines that are thickened afterwards have round ends and corners, and cost the same for any width.
    thick = dilate(np.array(canvas), max(1, round(width * _SUPERSAMPLING)))
    return np.asarray(Image.fromarray(thick).reduce(_SUPERSAMPLING))


def dilate(ink: np.ndarray, diameter: int) -> np.ndarray:
    """Spread (H, W) uint8 ink by an octagon ``diameter`` pixels wide (1 leaves it as it is)."""
    spread = ink
    if diameter % 2 == 0:
        spread = _spread_corner(spread)
    for step in range((diameter - 1) // 2):
        spread = _spread_cross(spread) if step % 2 == 0 else _spread_square(spread)
    return spread


def _spread_corner(ink: np.ndarray) -> np.ndarray:
    spread = ink.copy()
    np.maximum(spread[1:], ink[:-1], out=spread[1:])
    return spread_right(spread)


def spread_right(ink: np.ndarray) -> np.ndarray:
    spread = ink.copy()
    np.maximum(spread[:, 1:], ink[:, :-1], out=spread[:, 1:])
    return spread


def _spread_cross(ink: np.ndarray) -> np.ndarray:
    spread = _spread_vertically(ink)
    np.maximum(spread[:, 1:], ink[:, :-1], out=spread[:, 1:])
    np.maximum(spread[:, :-1], ink[:, 1:], out=spread[:, :-1])
    return spread


def _spread_square(ink: np.ndarray) -> np.ndarray:
    tall = _spread_vertically(ink)
    spread = tall.copy()
    np.maximum(spread[:, 1:], tall[:, :-1], out=spread[:, 1:])
    np.maximum(spread[:, :-1], tall[:, 1:], out=spread[:, :-1])
    return spread


def _spread_vertically(ink: np.ndarray) -> np.ndarray:
    spread = ink.copy()
    np.maximum(spread[1:], ink[:-1], out=spread[1:])
    np.maximum(spread[:-1], ink[1:], out=spread[:-1])
    return spread
