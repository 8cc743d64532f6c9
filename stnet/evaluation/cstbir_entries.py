"""The paper's own test sets, as the measurement sees them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stnet.data.cstbir import CstbirPhoto, CstbirQuery, PixelBox
from stnet.data.sketches import fit, render_strokes
from stnet.evaluation.photo_entries import read_photo
from stnet.evaluation.suite import Box, Entry, KnownObject, SuiteQuery
from stnet.pictures import PictureError, open_picture
from stnet.processing import ink_of


class CstbirEntries:
    """The photos of one split of CSTBIR; each is asked for by its rows of the CSV."""

    def __init__(self, photos: Sequence[CstbirPhoto], split: str, *, complete: bool = True) -> None:
        self.name = f"cstbir {split}"
        self.complete = complete
        self._photos = photos

    def __len__(self) -> int:
        return len(self._photos)

    def entry(self, index: int) -> Entry:
        """Photo `index` with what is known of it. Raises ValueError if a file of it can't be read."""
        photo = self._photos[index]
        pixels = read_photo(photo.path)
        boxes = {
            category: tuple(_in_picture(box, pixels) for box in found)
            for category, found in photo.boxes.items()
        }
        known = [KnownObject(category, box) for category, found in boxes.items() for box in found]
        queries = (self._query(index, query, boxes.get(query.category, ())) for query in photo.queries)
        return Entry(pixels, tuple(known), tuple(queries))

    @staticmethod
    def _query(index: int, query: CstbirQuery, boxes: tuple[Box, ...]) -> SuiteQuery:
        if isinstance(query.sketch, Path):
            sketch, strokes = _read_sketch(query.sketch), None
        else:
            sketch, strokes = render_strokes(fit(query.sketch)), query.sketch
        return SuiteQuery(
            image=index,
            category=query.category,
            boxes=boxes,
            sketch=sketch,
            text=query.text,
            groups=("human sketches",),
            strokes=strokes,
        )


def _in_picture(box: PixelBox, pixels: np.ndarray) -> Box:
    x, y, width, height = box
    sides = (x / pixels.shape[1], y / pixels.shape[0])
    far = ((x + width) / pixels.shape[1], (y + height) / pixels.shape[0])
    x0, y0, x1, y1 = (min(1.0, max(0.0, side)) for side in (*sides, *far))
    return x0, y0, x1, y1


def _read_sketch(path: Path) -> np.ndarray:
    try:
        ink = ink_of(open_picture(path))
    except PictureError as error:
        raise ValueError(f"{path}: {error}") from error
    if ink is None:
        raise ValueError(f"{path}: the sketch has no ink")
    return np.asarray(ink)
