"""Where a picture matched: attention as a heat map, and the box around the drawn thing.

All heat maps of one query share one scale. Stretching each map by itself would make a flat, unsure map look
as confident as a sharp one.
"""

import numpy as np
from PIL import Image, ImageDraw

from stnet.boxes import Box

# dark violet to pale yellow through red; lightness rises all the way: readable in grey and if colour-blind
COLOURS = np.array(
    [
        [8, 6, 30],
        [66, 15, 104],
        [138, 36, 112],
        [204, 62, 80],
        [242, 112, 46],
        [252, 180, 62],
        [252, 244, 170],
    ],
    dtype=np.float32,
)
BOX_COLOUR = (0, 229, 255)


def _palette() -> np.ndarray:
    position = np.linspace(0.0, len(COLOURS) - 1, 256)
    stops = np.arange(len(COLOURS))
    channels = [np.interp(position, stops, COLOURS[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


PALETTE = _palette()  # the colours of what a byte can say of 0..1: (256, 3) uint8


def upsample(attention: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Attention on its grid, smoothly enlarged to a picture.

    Args:
        attention: (rows, columns), non-negative.
        size: (width, height) in pixels.

    Returns:
        float32 (height, width), non-negative.
    """
    grid = Image.fromarray(np.ascontiguousarray(attention, dtype=np.float32))
    enlarged = np.asarray(grid.resize(size, Image.Resampling.BICUBIC))
    return np.maximum(enlarged, 0.0)  # bicubic undershoots beside a peak


def heatmap_overlay(
    picture: Image.Image, attention: np.ndarray, scale_max: float, opacity: float = 0.7
) -> Image.Image:
    """The picture with its heat map over it; where nothing is attended to, the picture stays as it is.

    Args:
        picture: RGB.
        attention: (rows, columns), non-negative; the grid covers the whole picture.
        scale_max: the attention that gets the last colour: the largest one of the query's results.
        opacity: of the last colour, 0..1.

    Raises:
        ValueError: if opacity is outside 0..1 or scale_max is not positive.
    """
    if not 0.0 <= opacity <= 1.0:
        raise ValueError(f"opacity must be in 0..1, got {opacity}")
    if not scale_max > 0.0:
        raise ValueError(f"scale_max must be positive, got {scale_max}")
    values = np.minimum(upsample(attention, picture.size) / scale_max, 1.0)
    heat, weight = _bytes(values), _bytes(opacity * np.sqrt(values))
    heat.putpalette(PALETTE.tobytes())
    # Pillow blends bytes, which takes less time than NumPy's floats
    return Image.composite(heat.convert("RGB"), picture.convert("RGB"), weight)


def _bytes(values: np.ndarray) -> Image.Image:
    """(height, width) in 0..1 -> a grey picture."""
    return Image.fromarray((values * 255 + 0.5).astype(np.uint8))


def draw_box(picture: Image.Image, box: Box) -> Image.Image:
    """A copy of the picture with the box outlined, bright on dark so that it shows on any ground.

    Args:
        box: x0, y0, x1, y1 as fractions 0..1 of the picture.
    """
    framed = picture.convert("RGB")
    if framed is picture:
        framed = picture.copy()
    width, height = framed.size
    left, top, right, bottom = (
        round(box[0] * (width - 1)),
        round(box[1] * (height - 1)),
        round(box[2] * (width - 1)),
        round(box[3] * (height - 1)),
    )
    stroke = max(1, round(max(width, height) / 160))
    pen = ImageDraw.Draw(framed)
    pen.rectangle((left, top, right, bottom), outline=(0, 0, 0), width=stroke + 2)
    pen.rectangle((left, top, right, bottom), outline=BOX_COLOUR, width=stroke)
    return framed
