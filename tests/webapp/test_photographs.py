"""Drawings as pens and cameras make them, and pictures as cameras make them of the world."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from webapp.canvas import Sketch
from webapp.canvas.photographs import is_photo

CAT = Sketch(((200, 300, 512, 100, 800, 300, 700, 900, 300, 900, 200, 300), (400, 450), (600, 450)))


def scenery(seed: int) -> Image.Image:
    """Blurred blobs of many colours: half-tones everywhere."""
    noise = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((320, 240), Image.Resampling.BICUBIC)


def photographed(drawing: Image.Image) -> Image.Image:
    """Grey paper in light that falls off by a third, with a sensor's noise."""
    values = np.asarray(drawing.convert("RGB"), dtype=np.float32) * 0.8 + 20
    values *= np.linspace(1, 0.67, values.shape[1], dtype=np.float32)[None, :, None]
    noisy = values + np.random.default_rng(1).normal(0, 3, values.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def in_colours() -> Image.Image:
    paper = Image.new("RGB", (400, 400), (250, 248, 240))
    pen = ImageDraw.Draw(paper)
    for place, colour in enumerate(("red", "green", "blue", "black")):
        pen.ellipse((40 + 40 * place, 60, 200 + 40 * place, 300), outline=colour, width=6)
    return paper


DRAWINGS = {
    "plain": CAT.draw(),
    "white on black": Image.eval(CAT.draw(), lambda value: 255 - value),
    "photographed": photographed(CAT.draw()),
    "four pens": in_colours(),
    "pencil": CAT.draw().filter(ImageFilter.GaussianBlur(1)).point(lambda value: 120 + value // 2),
    "blank": Image.new("RGB", (50, 50), "white"),
    "one pixel": Image.new("1", (1, 1)),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_are_no_photos(name: str) -> None:
    assert not is_photo(DRAWINGS[name])


@pytest.mark.parametrize("seed", range(4))
def test_photos_are_photos_in_colours_and_in_grey(seed: int) -> None:
    for mode in ("RGB", "L", "RGBA", "P"):
        assert is_photo(scenery(seed).convert(mode))


def test_a_page_with_nothing_but_half_tones_is_a_photo() -> None:
    sky = Image.linear_gradient("L").resize((200, 150))
    sea = Image.merge("RGB", (sky, sky, Image.new("L", sky.size, 200)))
    assert is_photo(sea)
