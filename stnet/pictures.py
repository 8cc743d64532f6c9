"""Opening pictures from people: only formats we mean, never a bomb, always upright."""

import io
import stat
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from stnet.bare_pictures import without_metadata
from stnet.picture_kinds import HEIC_ADVICE, START_LENGTH, format_names, formats, is_heic

MAX_PIXELS = 50_000_000

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by the orientation that its EXIF (or XMP) names."""
_ORIENTED_BY = ("exif", "Raw profile type exif", "XML:com.adobe.xmp", "xmp")  # where Pillow looks for one


class PictureError(ValueError):
    """A file that is not a picture we read. The text says why, without the file's name."""


def open_picture(source: Path | bytes, *, reduce_to: int | None = None) -> Image.Image:
    """Read a picture as it was drawn or taken: EXIF rotation applied, transparency kept.

    `stnet.picture_kinds.formats` says of which formats. An animation gives its first frame. Decoding happens
    here, so a truncated file fails here too. What stands beside the pixels (damaged EXIF, a text of any
    length) never decides whether they are read.

    Args:
        source: a path, or the content of a file.
        reduce_to: a JPEG may come smaller, in less time, as long as no side falls below this many pixels.

    Raises:
        PictureError: if it is missing, empty, of another format, damaged, or has more than MAX_PIXELS pixels.
    """
    try:
        if isinstance(source, Path):
            _check_file(source)
        try:
            return _decode(source, reduce_to)
        except (PictureError, Image.DecompressionBombError):
            raise
        except Exception:  # perhaps only because of what stands beside the pixels
            content = source if isinstance(source, bytes) else source.read_bytes()
            bare = without_metadata(content)
            if bare == content:
                raise
            return _decode(bare, reduce_to)
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise PictureError(_what_it_is(source)) from None
    except FileNotFoundError:
        raise PictureError("there is no such file") from None
    except Image.DecompressionBombError:
        raise PictureError(f"it has more than {MAX_PIXELS:,} pixels") from None
    except PermissionError as error:
        raise PictureError(f"it can't be read ({error.strerror})") from error
    except Exception as error:  # what Pillow's decoders raise depends on the byte that is wrong
        raise PictureError(f"it can't be decoded ({error or type(error).__name__})") from error


def _check_file(path: Path) -> None:
    """Opening a pipe would wait for somebody to write into it."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise PictureError("it is a folder")
    if not stat.S_ISREG(mode):
        raise PictureError("it is no file but a pipe or a device")


def _what_it_is(source: Path | bytes) -> str:
    if isinstance(source, bytes):
        start = source[:START_LENGTH]
    else:
        with source.open("rb") as file:
            start = file.read(START_LENGTH)
    if is_heic(start) and "HEIF" not in formats():
        return HEIC_ADVICE
    return f"it is not a {format_names()} picture"


def _decode(source: Path | bytes, reduce_to: int | None) -> Image.Image:
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    with warnings.catch_warnings():
        # Pillow warns of sizes, which we refuse by MAX_PIXELS below, and of what stands beside the pixels
        warnings.simplefilter("ignore")
        with Image.open(file, formats=formats()) as image:
            _check_size(image)
            if reduce_to is not None:
                image.draft("RGB", (reduce_to, reduce_to))
            image.load()
            picture = upright(image)
            return image.copy() if picture is image else picture  # nothing that needs the closed file


def _check_size(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise PictureError(
            f"it has {pixels:,} pixels ({image.width} x {image.height}), more than {MAX_PIXELS:,}"
        )


def upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its EXIF says (the result no longer says so); damaged EXIF turns nothing.

    Raises:
        OSError, SyntaxError, ValueError: for pixels that can't be decoded, if nobody has done so yet.
    """
    picture.load()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about other entries of a damaged block
        try:
            turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
        except Exception:  # what a damaged block raises depends on the byte that is wrong
            return picture
    if turn is None:
        return picture
    turned = picture.transpose(turn)
    for name in _ORIENTED_BY:
        turned.info.pop(name, None)
    return turned


def eight_bits(picture: Image.Image) -> Image.Image:
    """Greys of 16 or 32 bits, or fractions, as 8-bit greys, and a transparent one of them as transparency.

    The largest value there is becomes white: Pillow's own conversion would cut off everything above 255. A
    picture of any other mode is given back as it is.
    """
    if not (picture.mode.startswith("I") or picture.mode == "F"):
        return picture
    values = np.nan_to_num(np.asarray(picture, dtype=np.float32))
    grey = Image.fromarray((np.clip(values / max(values.max(), 1.0), 0, 1) * 255).astype(np.uint8))
    transparent = picture.info.get("transparency")
    if not isinstance(transparent, int):
        return grey
    return Image.merge(
        "LA", (grey, Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8)))
    )


def picture_to_rgb(picture: Image.Image) -> Image.Image:
    """An upright RGB picture: EXIF rotation applied, transparency laid on white, of a film one frame.

    Raises:
        OSError, SyntaxError, ValueError: for pixels that can't be decoded, if nobody has done so yet.
    """
    picture = eight_bits(upright(picture))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("RGB")


def square_picture(picture: Image.Image, side: int) -> Image.Image:
    """A picture as the image tower sees it, RGB and side x side, squeezed whole: nothing is cut off."""
    return picture_to_rgb(picture).resize((side, side), Image.Resampling.BICUBIC, reducing_gap=3.0)
