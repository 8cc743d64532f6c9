"""Opening pictures from people: only formats we mean, never a bomb, always upright."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

if TYPE_CHECKING:
    pass


import io
import warnings

from PIL import UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 50_000_000


class PictureError(ValueError):
    """A file that is not a picture we read. The text says why, without the file's name."""


def open_picture(source: Path | bytes) -> Image.Image:
    """Read a JPEG, PNG or WebP picture as it was drawn or taken: EXIF rotation applied, transparency kept.

    An animation gives its first frame. Decoding happens here, so a truncated file fails here too.

    Args:
        source: a path, or the content of a file.

    Raises:
        PictureError: if it is missing, empty, of another format, damaged, or has more than MAX_PIXELS pixels.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with warnings.catch_warnings():
            # Pillow's own size warning: we refuse by MAX_PIXELS below, before anything is decoded
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as image:
                _check_size(image)
                image.load()
                return upright(image)
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise PictureError(f"it is not a {', '.join(FORMATS[:-1])} or {FORMATS[-1]} picture") from None
    except FileNotFoundError:
        raise PictureError("there is no such file") from None
    except Image.DecompressionBombError:
        raise PictureError(f"it has more than {MAX_PIXELS:,} pixels") from None
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        MemoryError,
        IndexError,
        KeyError,
        TypeError,
    ) as error:
        # what Pillow's decoders raise on damaged bytes
        raise PictureError(f"it can't be decoded ({error or type(error).__name__})") from error


def _check_size(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise PictureError(
            f"it has {pixels:,} pixels ({image.width} x {image.height}), more than {MAX_PIXELS:,}"
        )


def upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its EXIF says. What can't be read there never costs the pixels: they stay."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # a damaged block raises whatever the byte that is wrong makes of it
        return picture


def picture_to_rgb(picture: Image.Image) -> Image.Image:
    """An upright RGB picture: EXIF rotation applied, transparency laid on white, of a film one frame."""
    picture = upright(picture)
    if picture.mode.startswith("I") or picture.mode == "F":  # 16-bit greys: PIL's own conversion clips them
        values = np.asarray(picture, dtype=np.float32)
        picture = Image.fromarray((np.clip(values / max(values.max(), 1.0), 0, 1) * 255).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("RGB")


def square_picture(picture: Image.Image, side: int) -> Image.Image:
    """A picture as the image tower sees it, RGB and side x side, squeezed whole: nothing is cut off."""
    return picture_to_rgb(picture).resize((side, side), Image.Resampling.BICUBIC, reducing_gap=3.0)
