"""``python -m stnet.data.pictograms --out data/pictograms``: emoji and clip art, for training alone.

Fetches two packages of npm and one of Debian, and draws what they hold. Their pictures don't become part of
a checkpoint: it holds what it learned from them.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from stnet.command_line import exit_code
from stnet.data.gallery_photos.packages import unpack
from stnet.data.pictograms.clip_art import PACKAGE, clip_art_of
from stnet.data.pictograms.emoji import emoji_of
from stnet.data.pictograms.npm import FLUENT, OPENMOJI, unpack_npm
from stnet.data.pictograms.pictograms import Pictograms


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if a package can't be had or the pictograms can't be written."""
    parser = argparse.ArgumentParser(prog="python -m stnet.data.pictograms", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write, say data/pictograms")
    parser.add_argument(
        "--packages", type=Path, help="where packages are kept, and taken from (default OUT/packages)"
    )
    options = parser.parse_args(None if arguments is None else list(arguments))
    return exit_code(lambda: print(make(options.packages or options.out / "packages", options.out)))


def make(packages: Path, out: Path) -> str:
    """Write the pictograms to `out`; what to print. Raises ValueError or OSError for what is missing."""
    cut_outs, lines = emoji_of(unpack_npm(OPENMOJI, packages), unpack_npm(FLUENT, packages))
    unpacked = packages / PACKAGE
    unpacked.mkdir(exist_ok=True)
    unpack(PACKAGE, packages, unpacked)
    made = Pictograms((*cut_outs, *clip_art_of(unpacked)), tuple(lines))
    made.save(out)
    categories = {cut_out.category for cut_out in made.cut_outs}
    return f"{out}: {len(made.cut_outs)} pictures of {len(categories)} things, {len(lines)} line drawings"


if __name__ == "__main__":
    raise SystemExit(main())
