"""Opening pictures from people: only formats we mean, never a bomb, always upright."""

import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

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
                return ImageOps.exif_transpose(image)
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
