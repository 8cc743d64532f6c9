"""The photo-gallery suite: held-out drawings of things that a gallery of photographs shows."""

from collections.abc import Mapping, Sequence

import numpy as np

from stnet.boxes import Box
from stnet.data.drawings.drawings import DrawingKey
from stnet.data.drawings.sketches import fit
from stnet.data.splits import GalleryQuestion
from stnet.evaluation.suites.base import Entry, KnownObject, SuiteQuery
from stnet.gallery.gallery import Gallery
from stnet.pictures import open_picture
from stnet.strokes import Strokes, render_strokes

_ANYWHERE: Box = (0.0, 0.0, 1.0, 1.0)  # nobody marked where on the picture the thing is


class GalleryEntries:
    """The stored pictures of a gallery. A query is a drawing, and its category's name as the words.

    All pictures that show the thing are right answers: the best of them counts.
    """

    name = "photo-gallery"

    def __init__(
        self,
        gallery: Gallery,
        questions: Sequence[GalleryQuestion],
        drawings: Mapping[DrawingKey, Strokes],
        *,
        images: int | None = None,
    ) -> None:
        """`images`: take only the first so many pictures, and the questions that these answer.

        Raises:
            ValueError: if the gallery lacks a right picture: it is of other photographs.
        """
        missing = {name for question in questions for name in question.pictures if not gallery.has(name)}
        if missing:
            raise ValueError(
                f"the gallery {gallery.folder} lacks {len(missing)} photographs that are asked for, "
                f"{min(missing)} for one: make it with `make gallery`"
            )
        count = len(gallery) if images is None else min(images, len(gallery))
        self.complete = count == len(gallery)
        # bytes, not the open gallery: that can't be shared with worker processes
        self._pictures = [gallery.picture_bytes(row) for row in range(count)]
        self._objects: list[list[KnownObject]] = [[] for _ in range(count)]
        self._queries: list[list[SuiteQuery]] = [[] for _ in range(count)]
        shown: set[tuple[str, int]] = set()
        for question in questions:
            rows = sorted(row for row in map(gallery.row, question.pictures) if row < count)
            if rows:
                self._queries[rows[0]].append(
                    _query(rows, question, drawings[question.category, question.id])
                )
                shown |= {(question.category, row) for row in rows}
        for category, row in sorted(shown):
            self._objects[row].append(KnownObject(category, _ANYWHERE))

    def __len__(self) -> int:
        return len(self._pictures)

    def entry(self, index: int) -> Entry:
        """Picture `index` as the gallery stores it."""
        pixels = np.asarray(open_picture(self._pictures[index]).convert("RGB"))
        return Entry(pixels, tuple(self._objects[index]), tuple(self._queries[index]))


def _query(rows: Sequence[int], question: GalleryQuestion, strokes: Strokes) -> SuiteQuery:
    return SuiteQuery(
        image=rows[0],
        category=question.category,
        boxes=(),
        sketch=render_strokes(fit(strokes)),
        text=question.category,
        groups=("human sketches",),
        strokes=strokes,
        also=frozenset(rows[1:]),
    )
