"""``python -m benchmarks.photo_or_drawing DRAWINGS PHOTOS``: how often the paper takes one for the other.

Drawings come as they were drawn, and as a camera or a scanner gives them (`benchmarks.paper_changes`).
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from PIL import Image

from benchmarks.paper_changes import CHANGES, changed
from benchmarks.paper_robustness import drawings
from stnet.pictures import open_picture
from webapp.canvas.photographs import SIDE, is_photo

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def photos(folder: Path, count: int) -> Iterator[Image.Image]:
    """`count` pictures spread over a folder, by name.

    Raises:
        ValueError: if there is none.
    """
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not found:
        raise ValueError(f"expected photos ({', '.join(SUFFIXES)}) in {folder}, found none")
    for path in found[:: max(1, len(found) // count)][:count]:
        yield open_picture(path, reduce_to=2 * SIDE)


def mistakes(pictures: Iterable[Image.Image], *, photo: bool) -> dict[str, int]:
    """How many pictures there are, and how many are taken for the other kind."""
    taken = [is_photo(picture) for picture in pictures]
    return {"pictures": len(taken), "mistaken": sum(one != photo for one in taken)}


def measure(sheets: Sequence[Image.Image], folders: Sequence[Path], count: int) -> dict[str, dict[str, int]]:
    """The mistakes by kind of picture."""
    figures = {"drawing": mistakes(sheets, photo=False)}
    for name in CHANGES:
        figures[f"drawing: {name}"] = mistakes((changed(sheet, name) for sheet in sheets), photo=False)
    for folder in folders:
        figures[f"photo: {folder}"] = mistakes(photos(folder, count), photo=True)
    return figures


def table(figures: Mapping[str, Mapping[str, int]]) -> str:
    """What `measure` found, in Markdown."""
    rows = ["| what it is | pictures | taken for the other |", "|---|---|---|"]
    rows += [f"| {name} | {row['pictures']} | {row['mistaken']} |" for name, row in figures.items()]
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.photo_or_drawing", description=__doc__)
    parser.add_argument("drawings", type=Path, help="a folder of drawings as strokes: *.ndjson, *.ndjson.gz")
    parser.add_argument("photos", type=Path, nargs="+", help="folders of photos")
    parser.add_argument("--count", type=int, default=50, help="how many of each kind (50)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    try:
        figures = measure(drawings(options.drawings, options.count), options.photos, options.count)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(table(figures))


if __name__ == "__main__":
    main()
