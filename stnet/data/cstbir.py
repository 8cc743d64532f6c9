"""CSTBIR, the data set of arXiv 2502.08438: sketch + text queries for photographs of Visual Genome.

Put together what its authors can't hand out as one, in one folder:

    FOLDER/ANY-NAME.csv     the queries: https://vl2g.github.io/projects/cstbir
    FOLDER/images/          Visual Genome's pictures, in it or its subfolders: https://homes.cs.washington.edu/
                            ~ranjay/visualgenome (VG_100K and VG_100K_2)
    FOLDER/objects.json     its boxes, from the same place (optional: without it nothing is known of places)
    FOLDER/sketches/        Quick, Draw! as CATEGORY.ndjson, the simplified drawings:
                            https://github.com/googlecreativelab/quickdraw-dataset

The CSV's columns: text, image_filename ("2377.jpg": the number is Visual Genome's), sketch_filename
("hotairballoon_605.jpg": drawing 605, counted from 0, of that category's file), object_category, split. A
sketch that lies in sketches/ as a picture of exactly that name is read from there instead.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stnet.boxes import Box
from stnet.data.drawings.sketches import fit
from stnet.model.ink import ink_of
from stnet.pictures import PictureError, open_picture
from stnet.strokes import Strokes, render_strokes

COLUMNS = ("text", "image_filename", "sketch_filename", "object_category", "split")
PixelBox = tuple[float, float, float, float]
"""x, y, width, height in pixels of the photo."""
_BETWEEN = re.compile(r"[\s,]*")
READ_AT_ONCE = 1 << 22  # characters of objects.json: the whole would take gigabytes


@dataclass(frozen=True, eq=False)
class CstbirQuery:
    """One row: `sketch` is the drawing's strokes (Quick, Draw!'s 0..255) or the path of a picture of it."""

    text: str
    category: str
    sketch: Strokes | Path


@dataclass(frozen=True, eq=False)
class CstbirPhoto:
    """A photo of the split, its queries, and the boxes of the split's categories on it (none if unknown)."""

    path: Path
    queries: tuple[CstbirQuery, ...]
    boxes: dict[str, tuple[PixelBox, ...]]


@dataclass(frozen=True)
class _Row:
    line: int
    text: str
    image: str
    sketch: str
    category: str


def load_cstbir(folder: Path, split: str, *, images: int | None = None) -> list[CstbirPhoto]:
    """The photos of one split (the first `images` of them) and all queries about them, in the CSV's order.

    Raises:
        ValueError: for a missing or malformed file; the text names the file, the row and the column.
    """
    table = _only_csv(folder)
    rows: dict[str, list[_Row]] = {}
    for row in _read_rows(table, split):
        rows.setdefault(row.image, []).append(row)
    rows = dict(list(rows.items())[:images])
    paths = _find_pictures(table, folder / "images", rows)
    sketches = _find_sketches(table, folder / "sketches", [row for asked in rows.values() for row in asked])
    names = {_plain(row.category): row.category for asked in rows.values() for row in asked}
    boxes = _read_boxes(folder / "objects.json", set(rows), names)
    return [
        CstbirPhoto(
            paths[image],
            tuple(CstbirQuery(row.text, names[_plain(row.category)], sketches[row.sketch]) for row in asked),
            {category: tuple(found) for category, found in boxes.get(image, {}).items()},
        )
        for image, asked in rows.items()
    ]


def draw_sketch(sketch: Strokes | Path) -> np.ndarray:
    """A query's drawing as pixels, ink high: (H, W) uint8. Raises ValueError naming a file without ink."""
    if not isinstance(sketch, Path):
        return render_strokes(fit(sketch))
    try:
        ink = ink_of(open_picture(sketch))
    except PictureError as error:
        raise ValueError(f"{sketch}: {error}") from error
    if ink is None:
        raise ValueError(f"{sketch}: the sketch has no ink")
    return np.asarray(ink)


def box_in_picture(box: PixelBox, width: int, height: int) -> Box:
    """The box in 0..1 of a photo of this size in pixels; what lies beyond the photo is cut off."""
    x, y, w, h = box
    sides = (x / width, y / height, (x + w) / width, (y + h) / height)
    x0, y0, x1, y1 = (min(1.0, max(0.0, side)) for side in sides)
    return x0, y0, x1, y1


def _wrong(table: Path, line: int, column: str, reason: str) -> ValueError:
    return ValueError(f"{table}, line {line}, column {column}: {reason}")


def _plain(name: str) -> str:
    """One spelling of a category: "Hot air balloon", "hot_air_balloon" and "hotairballoon" are the same."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _only_csv(folder: Path) -> Path:
    tables = sorted(folder.glob("*.csv"))
    if len(tables) != 1:
        found = ", ".join(path.name for path in tables) or "none"
        raise ValueError(f"expected one .csv of queries in {folder}, found {found}")
    return tables[0]


def _read_rows(table: Path, split: str) -> list[_Row]:
    rows, splits = [], set()
    with table.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{table} lacks the columns {', '.join(missing)}; it has {reader.fieldnames}")
        for record in reader:
            line = reader.line_num
            for column in COLUMNS:
                if not (record[column] or "").strip():
                    raise _wrong(table, line, column, "it is empty")
            values = {column: record[column].strip() for column in COLUMNS}
            splits.add(values["split"])
            if values["split"] == split:
                names = (values["image_filename"], values["sketch_filename"], values["object_category"])
                rows.append(_Row(line, values["text"], *names))
    if not rows:
        raise ValueError(
            f"{table} has no row of the split {split!r}; its splits: {', '.join(sorted(splits))}"
        )
    return rows


def _find_pictures(table: Path, folder: Path, rows: Mapping[str, list[_Row]]) -> dict[str, Path]:
    """image_filename -> path, in the folder or its subfolders."""
    paths = {path.name: path for path in sorted(folder.rglob("*")) if path.is_file()}
    for image, asked in rows.items():
        if image not in paths:
            raise _wrong(table, asked[0].line, "image_filename", f"no picture {image!r} in {folder}")
    return paths


def _find_sketches(table: Path, folder: Path, rows: list[_Row]) -> dict[str, Strokes | Path]:
    """sketch_filename -> strokes or the picture's path; every category's file is read once, line by line."""
    found: dict[str, Strokes | Path] = {}
    files = {_plain(path.stem): path for path in sorted(folder.glob("*.ndjson"))}
    wanted: dict[Path, dict[int, list[_Row]]] = {}
    for row in rows:
        if (folder / Path(row.sketch).name).is_file():
            found[row.sketch] = folder / Path(row.sketch).name
            continue
        category, _, digits = Path(row.sketch).stem.rpartition("_")
        path = files.get(_plain(category))
        if path is None or not digits.isdecimal():
            reason = f"{row.sketch!r} is neither a picture in {folder} nor CATEGORY_NUMBER of a .ndjson there"
            raise _wrong(table, row.line, "sketch_filename", reason)
        wanted.setdefault(path, {}).setdefault(int(digits), []).append(row)
    for path, numbers in wanted.items():
        for number, strokes in _read_drawings(path, set(numbers)):
            found |= dict.fromkeys((row.sketch for row in numbers.pop(number)), strokes)
        for number, asked in numbers.items():
            raise _wrong(table, asked[0].line, "sketch_filename", f"{path} has no drawing {number}")
    return found


def _read_drawings(path: Path, wanted: set[int]) -> Iterator[tuple[int, Strokes]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number not in wanted:
                continue
            try:
                drawn = json.loads(line)["drawing"]
                strokes = [np.array(stroke[:2], np.float32).T for stroke in drawn if len(stroke[0])]
                if not strokes or any(stroke.ndim != 2 or stroke.shape[1] != 2 for stroke in strokes):
                    raise ValueError("a drawing is a list of strokes [[x...], [y...]], at least one")
            except (KeyError, IndexError, TypeError, ValueError) as error:
                raise ValueError(
                    f"{path}, line {number + 1}: not a Quick, Draw! drawing ({error})"
                ) from error
            yield number, strokes


def _read_boxes(
    path: Path, images: set[str], categories: Mapping[str, str]
) -> dict[str, dict[str, list[PixelBox]]]:
    """image_filename -> category -> boxes, of these images and categories (plain name -> name)."""
    boxes: dict[str, dict[str, list[PixelBox]]] = {}
    image_names = {Path(name).stem: name for name in images}
    for record in stream_objects(path) if path.is_file() else ():
        try:
            image = image_names.get(str(record["image_id"]))
            for thing in record["objects"] if image is not None else ():
                box = (float(thing["x"]), float(thing["y"]), float(thing["w"]), float(thing["h"]))
                for name in {_plain(spelling) for spelling in thing["names"]} & categories.keys():
                    boxes.setdefault(str(image), {}).setdefault(categories[name], []).append(box)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{path}: not Visual Genome's objects ({error!r}): {str(record)[:80]}"
            ) from error
    return boxes


def _skip_blanks(text: str, position: int) -> int:
    blanks = _BETWEEN.match(text, position)
    assert blanks is not None  # it matches the empty string, too
    return blanks.end()


def stream_objects(path: Path) -> Iterator[Any]:
    """The elements of a JSON file that is one long array of objects, without ever holding all of it.

    Raises:
        ValueError: if it isn't such an array, or is cut off.
    """
    decoder, text, opened = json.JSONDecoder(), "", False
    with path.open(encoding="utf-8") as file:
        while True:
            more = file.read(READ_AT_ONCE)
            text += more
            position = _skip_blanks(text, 0)
            if not opened and text[position : position + 1] == "[":
                opened, position = True, position + 1
            while opened:
                position = _skip_blanks(text, position)
                if text[position : position + 1] == "]":
                    return
                try:
                    element, position = decoder.raw_decode(text, position)
                except json.JSONDecodeError as error:
                    if not more:
                        raise ValueError(f"{path}: cut off or damaged ({error})") from error
                    break  # the rest of the element is still to be read
                yield element
            if not opened and (text.strip() or not more):
                raise ValueError(f"{path}: expected a JSON array of objects, it begins with {text[:20]!r}")
            text = text[position:]
