"""The photos suite: human drawings against real photographs that training never saw."""

import hashlib
from collections.abc import Sequence

import numpy as np

from stnet.data.drawings.drawings import Drawings
from stnet.data.photos import Photo, read_photo
from stnet.data.words.photo_names import drawn_as
from stnet.evaluation.suites.base import Entry, KnownObject, SuiteQuery


class PhotoEntries:
    """All held-out photos with boxes; each is asked for once for each of its categories that people drew.

    A query is a held-out drawing alone, chosen and varied by the photo's file name and the category: neither
    another photo nor the order of the files changes it. `boxes` are all of that category on the photo.
    """

    name = "photos"

    def __init__(self, photos: Sequence[Photo], drawings: Drawings, *, images: int | None = None) -> None:
        """`images`: take only the first so many photos, in the order of their file names.

        Raises:
            ValueError: if no photo is held out and has boxes, or none shows a thing that people drew.
        """
        kept = sorted(
            (photo for photo in photos if photo.held_out and photo.objects), key=lambda photo: photo.path.name
        )
        self._photos = kept[:images]
        self.complete = len(self._photos) == len(kept)
        self._drawings = drawings
        if not any(self._asked(photo) for photo in self._photos):
            raise ValueError(
                f"{len(kept)} of {len(photos)} photos are held out and have boxes, but none looked at "
                "shows a category with held-out drawings: add photos or drawings"
            )

    def __len__(self) -> int:
        return len(self._photos)

    def entry(self, index: int) -> Entry:
        """Photo `index`, upright. Raises ValueError if its file can't be read."""
        photo = self._photos[index]
        objects = tuple(KnownObject(thing.category, thing.box) for thing in photo.objects)
        queries = tuple(self._query(index, photo, category) for category in self._asked(photo))
        return Entry(np.asarray(read_photo(photo.path)), objects, queries)

    def _asked(self, photo: Photo) -> list[str]:
        return drawn_categories(self._drawings, photo)

    def _query(self, index: int, photo: Photo, category: str) -> SuiteQuery:
        sketch = held_out_drawing(self._drawings, photo, category)
        boxes = tuple(thing.box for thing in photo.objects if thing.category == category)
        return SuiteQuery(index, category, boxes, sketch, groups=("human sketches",))


def drawn_categories(drawings: Drawings, photo: Photo) -> list[str]:
    """Categories on the photo with held-out drawings, sorted."""
    names = {thing.category: drawn_as(thing.category) for thing in photo.objects}
    return sorted(
        category
        for category, name in names.items()
        if name is not None and drawings.has_named(name, held_out=True)
    )


def held_out_drawing(drawings: Drawings, photo: Photo, category: str) -> np.ndarray:
    """The drawing that asks for this category on this photo, one of `drawn_categories`: uint8, ink high."""
    seed = hashlib.sha256(f"{photo.path.name}/{category}".encode()).digest()[:8]
    name = drawn_as(category)
    assert name is not None  # drawn_categories lists no other
    return drawings.sample_named(name, np.random.default_rng(int.from_bytes(seed)), held_out=True)
