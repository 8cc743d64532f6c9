"""Pictures of pictograms: from vectors, and down to what can be seen of them."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from stnet.data.objects import LONGEST_SIDE, crop_to_alpha, no_longer

SMALLEST_SIDE = 8  # of what can be seen, pixels


class UnreadableDrawingError(ValueError):
    """A vector drawing that can't be drawn: damaged, or with something that the renderer doesn't know."""


def render(path: Path, width: int = LONGEST_SIDE) -> np.ndarray:
    """An SVG file, `width` pixels wide: (H, W, 4) uint8 RGBA.

    Raises:
        ValueError: if resvg-py isn't installed.
        UnreadableDrawingError: if it can't draw the file.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise ValueError("vectors need resvg-py: pip install resvg-py") from error
    try:
        encoded = resvg_py.svg_to_bytes(svg_path=str(path), width=width)
    except Exception as error:  # the library has a class of its own for each release
        raise UnreadableDrawingError(f"{path}: can't be drawn ({error})") from error
    with Image.open(io.BytesIO(bytes(encoded))) as picture:
        return np.asarray(picture.convert("RGBA"))


def cut_out_pixels(pixels: np.ndarray) -> np.ndarray | None:
    """(H, W, 4) uint8 RGBA, cropped to what is visible, longer side at most 192; None for next to nothing."""
    if pixels[..., 3].max() == 0:
        return None
    cropped = crop_to_alpha(pixels)
    return None if min(cropped.shape[:2]) < SMALLEST_SIDE else no_longer(cropped)
