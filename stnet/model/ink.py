"""A drawing, whatever it came as, becomes ink: grey, ink high, cut to what is drawn."""

from functools import reduce

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from stnet.model.blocks import strength_of
from stnet.model.clean import is_clean
from stnet.model.frames import without_frame
from stnet.model.paper import TOP, ink_off_uneven_paper, is_uneven
from stnet.model.ruling import without_ruling
from stnet.model.specks import without_specks
from stnet.pictures import eight_bits, picture_to_rgb, upright

LARGEST_DRAWING = 1024  # longer side that a drawing is reduced to before anything else, in pixels
FAINTEST_INK = 32  # of 255: below it a drawing is blank paper (compression noise, a stray shade)
SPECK = 0.2  # of a square as wide as the pen; a dot of the pen is four times as large
DIRT = 1.5  # the same on photographed paper


def ink_of(drawing: Image.Image) -> Image.Image | None:
    """The ink of a drawing, whatever it came as: 8-bit grey, ink high (255), paper 0; None if there is none.

    Black on white, white on black, strokes on transparent paper and coloured pens all become the same. The
    paper is what most of the drawing's pixels look like. A clean drawing keeps each of its pixels; of any
    other, such as a photographed one, uneven light, ruling, frames and specks are left out.

    Raises:
        ValueError: if it has no pixels at all.
    """
    if 0 in drawing.size:
        raise ValueError(f"the drawing has no pixels: its size is {drawing.width} x {drawing.height}")
    drawing = eight_bits(upright(drawing))
    if drawing.has_transparency_data:
        drawing = drawing.convert("RGBA")
    elif drawing.mode in ("1", "P"):  # these are reduced by leaving pixels out: thin lines would break
        drawing = drawing.convert("RGB")
    if max(drawing.size) > LARGEST_DRAWING:
        drawing = drawing.copy()  # thumbnail changes what it is called on, which may be the caller's
        drawing.thumbnail((LARGEST_DRAWING, LARGEST_DRAWING), reducing_gap=2.0)
    channels = _channels(drawing)
    ink = _even(drawing, channels)
    if ink is None or is_clean(np.asarray(ink)):
        return ink
    found = _uneven(channels) if is_uneven(channels) else _drawn(np.asarray(ink), FAINTEST_INK, SPECK)
    return None if found is None else Image.fromarray(found)


def _channels(drawing: Image.Image) -> list[Image.Image]:
    """The channels of a drawing laid on white; of a grey one only one."""
    if drawing.mode == "L" and not drawing.has_transparency_data:
        return [drawing]
    return list(picture_to_rgb(drawing).split())


def _even(drawing: Image.Image, channels: list[Image.Image]) -> Image.Image | None:
    """Ink on paper of one colour, as exact as it was drawn; None if there is none."""
    # yellow on white differs in one channel only: the channel that differs most decides
    ink = reduce(ImageChops.lighter, map(_off_paper, channels))
    if _strength(ink) < FAINTEST_INK and drawing.mode == "RGBA":
        ink = _off_paper(drawing.getchannel("A"))  # white strokes on transparent paper: only the alpha tells
    strength = _strength(ink)
    if strength < FAINTEST_INK:
        return None
    return ink.point([min(255, round(value * 255 / strength)) for value in range(256)])


def _uneven(channels: list[Image.Image]) -> np.ndarray | None:
    """Ink on photographed paper, black again and without noise: (H, W) uint8, None if there is none."""
    ink, noise = ink_off_uneven_paper(channels)
    faintest = round(max(FAINTEST_INK * 0.75, 3 * noise))
    ink = without_ruling(ink, faintest)
    strength = strength_of(ink, TOP)
    if strength < max(FAINTEST_INK, 4.5 * noise):
        return None
    low = max(0.3 * strength, 3.5 * noise)
    high = max(0.7 * strength, low + 1)
    levels = np.clip((np.arange(256) - low) * 255 / (high - low), 0, 255).round().astype(np.uint8)
    return _drawn(levels[ink], FAINTEST_INK, DIRT)


def _drawn(ink: np.ndarray, faintest: int, speck: float) -> np.ndarray:
    """The ink without what the paper brought along: ruling, frames, specks."""
    ink = without_frame(without_ruling(ink, faintest))
    return without_specks(ink, speck)


def _off_paper(channel: Image.Image) -> Image.Image:
    """How far each pixel of one channel is from the paper, the median."""
    counts = np.cumsum(channel.histogram())
    middle = (np.searchsorted(counts, counts[-1] / 2, side) for side in ("left", "right"))
    paper = int(sum(map(int, middle)) / 2)
    return ImageChops.difference(channel, Image.new("L", channel.size, paper))


def _strength(ink: Image.Image) -> int:
    return int(ink.getextrema()[1])  # type: ignore[arg-type]


def fit_ink(ink: Image.Image, size: int, margin: float = 0.06) -> Image.Image:
    """Cut out the inked part, centre it on a square with a margin, scale it to size x size.

    So a small drawing in a corner and a large one are the same drawing. `ink` is grey with ink high.
    """
    box = ink.point([255 * (value >= FAINTEST_INK * 2) for value in range(256)]).getbbox() or ink.getbbox()
    assert box is not None  # ink_of returned None if there is nothing
    ink = ink.crop(box)
    side = max(ink.size)
    shrink = side / (size * (1 - 2 * margin))
    if shrink > 2:  # thin lines would fade to nothing: thicken them to what will be about a pixel
        ink = ink.filter(ImageFilter.MaxFilter(min(9, int(shrink / 2) * 2 + 1)))
    border = max(1, round(side * margin / (1 - 2 * margin)))
    square = Image.new("L", (side + 2 * border, side + 2 * border), 0)
    square.paste(ink, ((square.width - ink.width) // 2, (square.height - ink.height) // 2))
    fitted = square.resize((size, size), Image.Resampling.BOX if shrink > 1 else Image.Resampling.BILINEAR)
    strength = _strength(fitted)
    return fitted.point([min(255, round(value * 255 / max(strength, 1))) for value in range(256)])
