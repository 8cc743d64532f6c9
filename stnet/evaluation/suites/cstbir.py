"""The paper's own test sets, as the measurement sees them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stnet.boxes import Box
from stnet.data.cstbir import CstbirPhoto, CstbirQuery, box_in_picture, draw_sketch
from stnet.data.photos import read_photo
from stnet.evaluation.suites.base import Entry, KnownObject, SuiteQuery


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
        pixels = np.asarray(read_photo(photo.path))
        height, width = pixels.shape[:2]
        boxes = {
            category: tuple(box_in_picture(box, width, height) for box in found)
            for category, found in photo.boxes.items()
        }
        known = [KnownObject(category, box) for category, found in boxes.items() for box in found]
        queries = (self._query(index, query, boxes.get(query.category, ())) for query in photo.queries)
        return Entry(pixels, tuple(known), tuple(queries))

    @staticmethod
    def _query(index: int, query: CstbirQuery, boxes: tuple[Box, ...]) -> SuiteQuery:
        return SuiteQuery(
            image=index,
            category=query.category,
            boxes=boxes,
            sketch=draw_sketch(query.sketch),
            text=query.text,
            groups=("human sketches",),
            strokes=None if isinstance(query.sketch, Path) else query.sketch,
        )
