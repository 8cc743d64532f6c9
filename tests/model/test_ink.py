"""Ink: what the page draws stays as it is to the last bit, what a camera brings is nearly the same."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps

from benchmarks.paper_changes import CHANGES, changed
from stnet.model.ink import FAINTEST_INK, LARGEST_DRAWING, fit_ink, ink_of
from stnet.strokes import dilate, render_strokes

SIDE = 800
GRID, PAPER = 1023, 384  # the page's: its points and its pixels
NEARLY_THE_SAME = 0.8  # of the ink of both: what counts as robust


def page_drawing(number: int, side: int = PAPER) -> Image.Image:
    """A few wobbling strokes, straight lines and dots on the page's paper, some along its edges."""
    rng = np.random.default_rng(number)
    strokes = []
    for _ in range(rng.integers(1, 8)):
        steps = rng.normal(0, 90, (rng.integers(1, 12), 2)).cumsum(axis=0)
        points = np.clip(rng.integers(0, GRID + 1, 2) + steps, 0, GRID).astype(int)
        strokes.append(tuple(points.ravel().tolist()))
    if number % 3 == 0:
        strokes += [(30, 30), (GRID, 500)]  # dots
    if number % 5 == 0:
        strokes.append((0, 0, GRID, 0, GRID, GRID, 0, GRID, 0, 0))
    if number % 7 == 0:
        strokes += [(0, row, GRID, row) for row in range(100, GRID, 200)]
    points = [np.array(stroke, np.float32).reshape(-1, 2) / GRID for stroke in strokes]
    return ImageOps.invert(Image.fromarray(render_strokes(points, size=side, width=side / 64)))


def stretched_difference(drawing: Image.Image) -> np.ndarray:
    """What ink is on even white paper: how far each pixel is from it, the farthest being 255."""
    off = ImageChops.difference(drawing, Image.new("L", drawing.size, int(np.median(np.asarray(drawing)))))
    strongest = int(off.getextrema()[1])
    return np.asarray(off.point([min(255, round(value * 255 / strongest)) for value in range(256)]))


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_what_the_page_draws_stays_to_the_last_bit(first: int) -> None:
    for number in range(first, first + 100):
        drawing = page_drawing(number)
        ink = ink_of(drawing)
        assert ink is not None and np.array_equal(np.asarray(ink), stretched_difference(drawing)), number


@pytest.mark.parametrize("side", [256, 900, 1600])
@pytest.mark.parametrize("drawing", [0, 7])
def test_what_a_page_of_another_size_draws_stays_to_the_last_bit(drawing: int, side: int) -> None:
    sheet = page_drawing(drawing, side).convert("RGB")
    expected = sheet.convert("L")
    expected.thumbnail((LARGEST_DRAWING, LARGEST_DRAWING), reducing_gap=2.0)
    assert np.array_equal(np.asarray(ink_of(sheet)), stretched_difference(expected))


def house(side: int = SIDE) -> Image.Image:
    """A house with a door, a tree and a sun, black on white, in the middle of its sheet."""
    sheet = Image.new("L", (4 * side, 4 * side), 255)
    pen = ImageDraw.Draw(sheet)
    scale, width = 4 * side / 100, round(4 * side / 64)
    for line in (
        [(22, 75), (22, 45), (38, 28), (54, 46), (54, 76), (21, 75)],
        [(33, 75), (34, 58), (43, 58), (43, 75)],
        [(70, 76), (71, 52), (62, 50), (64, 36), (75, 33), (82, 43), (78, 52), (71, 53)],
    ):
        pen.line([(x * scale, y * scale) for x, y in line], fill=0, width=width, joint="curve")
    pen.ellipse([16 * scale, 15 * scale, 27 * scale, 26 * scale], outline=0, width=width)
    return sheet.resize((side, side), Image.Resampling.BOX)


@pytest.mark.parametrize(("side", "darkest"), [(96, 0), (128, 0), (128, 90), (200, 0)])
def test_a_small_drawing_with_soft_thin_lines_is_on_even_paper(side: int, darkest: int) -> None:
    """Lines of about two pixels, none of them black: what scaling down and pencils leave."""
    drawing = house(side).point([darkest + value * (255 - darkest) // 255 for value in range(256)])
    assert np.array_equal(np.asarray(ink_of(drawing)), stretched_difference(drawing))


def fitted(drawing: Image.Image) -> np.ndarray:
    ink = ink_of(drawing)
    return np.zeros((128, 128), bool) if ink is None else np.asarray(fit_ink(ink, 128)) >= 128


def overlap(one: Image.Image, other: Image.Image) -> float:
    """Intersection over union of what two drawings become."""
    first, second = fitted(one), fitted(other)
    return float((first & second).sum() / (first | second).sum())


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "seen aslant"])
def test_what_paper_and_light_bring_is_no_ink(name: str) -> None:
    assert overlap(house(), changed(house(), name)) > NEARLY_THE_SAME


def test_a_sheet_seen_aslant_keeps_its_drawing_and_nothing_else() -> None:
    """Its shape changes, so that lines lie beside each other; how much ink there is doesn't."""
    before, after = fitted(house()), fitted(changed(house(), "seen aslant"))
    assert after.sum() == pytest.approx(before.sum(), rel=0.2)
    assert (after & _thickened(before, 12)).sum() > 0.9 * after.sum()


def _thickened(ink: np.ndarray, reach: int) -> np.ndarray:
    return dilate(ink.astype(np.uint8) * 255, 2 * reach + 1) > 0


@pytest.mark.parametrize(
    "convert",
    [
        lambda sheet: ImageOps.invert(sheet),
        lambda sheet: Image.merge("LA", (Image.new("L", sheet.size), ImageOps.invert(sheet))),
        lambda sheet: Image.fromarray(np.asarray(sheet, np.uint16) * 150 + 1500),
    ],
    ids=["white on black", "transparent", "16-bit grey"],
)
@pytest.mark.parametrize("name", ["dark frame", "ruled in dark grey", "single dark pixels"])
def test_other_kinds_of_picture_are_read_alike(
    name: str, convert: Callable[[Image.Image], Image.Image]
) -> None:
    assert overlap(house(), convert(changed(house(), name))) > NEARLY_THE_SAME


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4])
@pytest.mark.parametrize("deviation", [0, 4, 8])
def test_photographed_blank_paper_is_blank(share: float, deviation: float) -> None:
    light = np.linspace(230, 230 * (1 - share), SIDE)[None].repeat(SIDE, axis=0)
    noisy = light + np.random.default_rng(0).normal(0, deviation, light.shape)
    ink = ink_of(Image.fromarray(noisy.clip(0, 255).astype(np.uint8)))
    assert ink is None


def test_a_dark_shape_stays_filled_on_a_photo() -> None:
    sheet = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(sheet).ellipse([340, 300, 420, 520], fill=0)
    assert overlap(sheet, changed(sheet, "light falls off by 40 %, noise 4")) > NEARLY_THE_SAME


def test_white_on_a_dark_board_in_uneven_light_is_a_drawing() -> None:
    board = ImageOps.invert(changed(house(), "light falls off by 40 %, noise 4"))
    assert overlap(house(), board) > NEARLY_THE_SAME


def test_faint_shades_on_even_paper_are_blank() -> None:
    paper = Image.new("L", (SIDE, SIDE), 250)
    paper.paste(250 - FAINTEST_INK + 1, (100, 100, 104, 300))
    assert ink_of(paper) is None
