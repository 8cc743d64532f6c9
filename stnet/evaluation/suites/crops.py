"""A suite whose pictures are crops of the things that are asked for, as Concat's document has its targets."""

import math
from dataclasses import replace

import numpy as np

from stnet.boxes import Box
from stnet.evaluation.suites.base import Entry, KnownObject, Suite

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
SMALLEST = 16  # pixels of a crop's shorter side: what is smaller is not asked for, as in the document


def crop_to(pixels: np.ndarray, box: Box) -> np.ndarray:
    """The part of a picture (H, W, 3) that a box in 0..1 holds, whole pixels: (h, w, 3), h and w from 1."""
    height, width = pixels.shape[:2]
    left, top = min(int(box[0] * width), width - 1), min(int(box[1] * height), height - 1)
    right, bottom = math.ceil(box[2] * width), math.ceil(box[3] * height)
    return pixels[top : max(bottom, top + 1), left : max(right, left + 1)]


class CropEntries:
    """One crop of each picture of another suite: of the thing that its query asks for, or of its largest.

    As in the document (Teotia, section 3), a query's target is the thing's box cut out of its picture, and
    crops that are too small are not asked for; SMALLEST is ours. So is what the words say: whole sentences of
    the suite, which may tell of a place that the crop doesn't show, where the document has a list of
    attributes. Pictures that nobody asks for give a crop, too, so that the gallery has its size.
    """

    def __init__(self, suite: Suite) -> None:
        self.name, self.complete, self._suite = f"{suite.name} crops", suite.complete, suite

    def __len__(self) -> int:
        return len(self._suite)

    def entry(self, index: int) -> Entry:
        """The crop of picture `index`.

        Raises:
            ValueError: if the picture has several queries, or nobody knows where its things are.
        """
        entry = self._suite.entry(index)
        if len(entry.queries) > 1 or not entry.objects or any(not one.boxes for one in entry.queries):
            raise ValueError(
                f"crops need one query a picture and boxes; picture {index} of {self._suite.name} has "
                f"{len(entry.queries)} queries and {len(entry.objects)} things with boxes"
            )
        wanted = [one for query in entry.queries for one in entry.objects if one.box in query.boxes]
        thing = wanted[0] if wanted else max(entry.objects, key=lambda one: _area(one.box))
        pixels = crop_to(entry.pixels, thing.box)
        queries = tuple(replace(query, boxes=(WHOLE,)) for query in entry.queries)
        return Entry(
            pixels,
            (KnownObject(thing.category, WHOLE, thing.facts),),
            queries if min(pixels.shape[:2]) >= SMALLEST else (),
        )


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
