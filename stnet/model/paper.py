"""Paper as a camera sees it: its brightness differs from place to place.

A drawing on even paper (made on a screen, or scanned well) is left to `stnet.model.ink`. On uneven paper each
pixel is held against the paper around it, as document scanners do: the brightest of its surroundings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from stnet.model.blocks import middle_value, of_blocks, strength_of

SMALLEST = 64  # pixels of the shorter side: less shows no light that falls off
_BLOCKS = 128  # blocks along the longer side, in each of which some paper is expected
_LINE = 6  # pixels: a block as large holds more than one line and its soft edges
_REACH = 7  # blocks: pens and dark shapes up to twice as wide are ink, wider ones are shadows
_NOISY = 0.3  # the same of blocks that hold paper, too: pens leave soft edges in fewer
_AROUND = 16  # blocks along a window in which lines cover less than half
_CLEARLY = 1.1  # times as much stands out one way as the other: ink, not noise
_SLIGHT, _STRONG = 8, 160  # of 255: a block as far off the paper is neither paper nor ink, but shade
_SHADED = 0.02  # of the blocks: with more shade the paper is uneven
_DARKEST = 0.5  # of the sheet's brightness: what is darker is ink
_MOST_NOISE = 20.0  # of 255: with more shade than this the drawing covers a quarter of the sheet
TOP = 0.002  # of the pixels: as many at least are ink
_DARK_PEN = 0.6  # a pen that differs as much in the least channel as in the most is black, not coloured


@dataclass(frozen=True)
class _Light:
    """A channel as dark ink on light paper, (H, W) uint8, and the brightest of each block of `side`."""

    values: np.ndarray
    brightest: np.ndarray
    side: int


def is_uneven(channels: Sequence[Image.Image]) -> bool:
    """Whether the paper of a drawing, given as channels in mode "L", has shades beside its own."""
    return min(channels[0].size) >= SMALLEST and any(_is_shaded(_light(channel)) for channel in channels)


def ink_off_uneven_paper(channels: Sequence[Image.Image]) -> tuple[np.ndarray, float]:
    """How far each pixel is from the paper around it, and what of that is noise.

    Args:
        channels: of one drawing, in mode "L", each side SMALLEST or more.

    Returns:
        (H, W) uint8, ink high; and the standard deviation of its noise, of 255.
    """
    lights = [_light(channel) for channel in channels]
    papers = [_paper(light) for light in lights]
    inks = [_relative(light, paper) for light, paper in zip(lights, papers, strict=True)]
    most, least = np.maximum.reduce(inks), np.minimum.reduce(inks)
    # a dark pen darkens every channel; a stain or printed squares only some
    ink = least if strength_of(least, TOP) >= _DARK_PEN * strength_of(most, TOP) else most
    return ink, _noise(ink)


def _noise(ink: np.ndarray) -> float:
    """The standard deviation of what is a little above 0 on half of the paper, by its upper quarter."""
    return min(_MOST_NOISE, strength_of(ink, 0.25) / 0.674)


def _light(channel: Image.Image) -> _Light:
    side = max(1, max(channel.size) // _BLOCKS)
    values = np.asarray(channel)
    if not _is_dark_on_light(np.asarray(channel.reduce(side), np.float32)):
        values = 255 - values
    return _Light(values, of_blocks(values, side, np.maximum), side)


def _is_dark_on_light(blocks: np.ndarray) -> bool:
    """Whether what stands out of its surroundings is dark: lines cover less than half of it."""
    rows, columns = (max(1, length // _AROUND) for length in blocks.shape)
    high, wide = blocks.shape[0] // rows, blocks.shape[1] // columns
    around = blocks[: rows * high, : columns * wide].reshape(rows, high, columns, wide)
    usual = around.mean(axis=(1, 3))
    lighter, darker = around.max(axis=(1, 3)) - usual, usual - around.min(axis=(1, 3))
    clearly = _CLEARLY if usual.mean() < 128 else 1 / _CLEARLY  # by noise alone neither way
    return float(darker.sum()) >= clearly * float(lighter.sum())


def _is_shaded(light: _Light) -> bool:
    """Whether blocks hold neither paper nor ink, or many something else beside paper."""
    paper, side = middle_value(light.values), max(light.side, _LINE)
    brightest, darkest = (
        np.abs(of_blocks(light.values, side, most).astype(np.int16) - paper)
        for most in (np.maximum, np.minimum)
    )
    neither = (darkest > _SLIGHT) & (darkest < _STRONG)
    return bool((neither & (brightest > _SLIGHT)).mean() > _SHADED or neither.mean() > _NOISY)


def _paper(light: _Light) -> np.ndarray:
    """The paper's brightness in each block, under the ink as it is around it; never as dark as ink."""
    closed = _eroded(_dilated(light.brightest, _REACH), _REACH)
    return (_dilated(closed, 1).astype(np.float32) + closed + _eroded(closed, 1)) / 3


def _sheet(paper: np.ndarray) -> float:
    return float(np.percentile(paper, 90))


def _relative(light: _Light, paper: np.ndarray) -> np.ndarray:
    """What share of the paper's light is missing, of 255, above what is missing everywhere: (H, W) uint8."""
    around = Image.fromarray(np.maximum(paper, _DARKEST * _sheet(paper)).astype(np.uint8))
    light_here = light.values * (255 / np.maximum(_enlarged(around, light), 1).astype(np.float32))
    missing = (255 - np.minimum(light_here, 255)).astype(np.uint8)
    usual = np.uint8(middle_value(missing))
    return np.maximum(missing, usual) - usual


def _enlarged(blocks: Image.Image, light: _Light) -> np.ndarray:
    """One value for each block, "L" -> one for each pixel, between the blocks' middles in between."""
    height, width = light.values.shape
    box = (0, 0, width / light.side, height / light.side)
    return np.asarray(blocks.resize((width, height), Image.Resampling.BILINEAR, box=box))


def _dilated(blocks: np.ndarray, reach: int) -> np.ndarray:
    """The largest value within `reach` blocks, along both sides."""
    for axis in (0, 1):
        blocks = _largest_along(blocks, reach, axis)
    return blocks


def _largest_along(blocks: np.ndarray, reach: int, axis: int) -> np.ndarray:
    padding = [(0, 0), (0, 0)]
    padding[axis] = (reach, reach)
    largest = np.moveaxis(np.pad(blocks, padding, mode="edge"), axis, 0)
    seen = 1
    while seen < 2 * reach + 1:
        step = min(seen, 2 * reach + 1 - seen)
        largest = np.maximum(largest[:-step], largest[step:])
        seen += step
    return np.moveaxis(largest, 0, axis)


def _eroded(blocks: np.ndarray, reach: int) -> np.ndarray:
    return 255 - _dilated(255 - blocks, reach)
