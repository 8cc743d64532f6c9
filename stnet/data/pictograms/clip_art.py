"""Clip art as cut-outs: the Open Clip Art Library of 2005, public domain, as Debian packages it."""

from collections.abc import Iterator
from pathlib import Path

from stnet.data.objects import CutOut
from stnet.data.pictograms.rendering import UnreadableDrawingError, cut_out_pixels, render
from stnet.data.pictograms.shown import clip_art_shows
from stnet.data.pictograms.withheld import is_withheld, withheld_words

PACKAGE = "openclipart-svg"
ROOT = Path("usr/share/openclipart/svg")
FOLDERS = (  # of things; not signs, flags, stars, icons, people
    *("animals", "buildings", "computer/hardware", "containers", "decorations", "education", "electronics"),
    *("food", "office", "people/bodypart", "people/clothing", "plants", "recreation/holiday"),
    *("recreation/music", "recreation/party", "recreation/sports", "recreation/toys", "science", "tools"),
    *("transportation/boating", "transportation/vehicles", "unsorted"),
)
LARGEST_FILE = 400_000  # bytes; larger ones are paintings
MOST_FILLED = 0.97  # of the picture; what fills more has a background


def clip_art_of(folder: Path) -> list[CutOut]:
    """A cut-out of every file about a thing, but for withheld ones; its category is what its name says.

    Args:
        folder: the unpacked package.

    Raises:
        ValueError: if it isn't that package, or resvg-py is missing.
    """
    words, cut_outs = withheld_words(), []
    for path in _files(folder):
        if is_withheld(path.stem, words) or path.stat().st_size > LARGEST_FILE:
            continue
        try:
            pixels = cut_out_pixels(render(path))
        except UnreadableDrawingError:  # a few dozen of these old files are damaged
            continue
        if pixels is not None and (pixels[..., 3] > 127).mean() <= MOST_FILLED:
            name = path.relative_to(folder / ROOT).with_suffix("").as_posix()
            cut_outs.append(CutOut(f"clip-art/{name}", clip_art_shows(path.stem), pixels))
    return cut_outs


def _files(folder: Path) -> Iterator[Path]:
    for name in FOLDERS:
        found = sorted((folder / ROOT / name).rglob("*.svg"))
        if not found:
            raise ValueError(f"{folder} is not the package {PACKAGE}: it has nothing in {ROOT / name}")
        yield from found
