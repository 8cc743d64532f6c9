"""The captions suites: people's words about photos that training never saw, alone and beside a drawing."""

from collections.abc import Sequence

import numpy as np

from stnet.data.drawings.drawings import Drawings
from stnet.data.photos import Photo, read_photo
from stnet.data.splits import photo_key
from stnet.data.words.captions import text_without_name
from stnet.evaluation.suites.base import Entry, KnownObject, SuiteQuery
from stnet.evaluation.suites.photos import drawn_categories, held_out_drawing


class CaptionEntries:
    """Photos fixed by their names; every caption of those that are asked for is a query, by words alone."""

    name = "captions"

    def __init__(
        self,
        photos: Sequence[Photo],
        asked: Sequence[str],
        others: Sequence[str],
        *,
        images: int | None = None,
    ) -> None:
        """Take the listed ones of `photos`, in the order of their file names.

        Args:
            asked, others: their keys, see stnet.data.splits.
            images: only the first so many.

        Raises:
            ValueError: if none that is asked for is there, or one of them has no caption.
        """
        self._asked = frozenset(asked)
        listed = self._asked | frozenset(others)
        kept = [photo for photo in photos if photo_key(photo.path.name) in listed]
        self._photos = sorted(kept, key=lambda photo: photo.path.name)[:images]
        self.complete = len(self._photos) == len(listed)
        wanted = [photo for photo in self._photos if self._is_asked(photo)]
        if not wanted:
            raise ValueError(f"of the {len(asked)} photos asked for none is among the {len(photos)} given")
        for photo in wanted:
            if not photo.captions:
                raise ValueError(f"the photo {photo.path} is asked for by its captions and has none")

    def __len__(self) -> int:
        return len(self._photos)

    def entry(self, index: int) -> Entry:
        """Photo `index`, upright. Raises ValueError if its file can't be read."""
        photo = self._photos[index]
        objects = tuple(KnownObject(thing.category, thing.box) for thing in photo.objects)
        queries = self.queries(index, photo) if self._is_asked(photo) else ()
        return Entry(np.asarray(read_photo(photo.path)), objects, queries)

    def queries(self, index: int, photo: Photo) -> tuple[SuiteQuery, ...]:
        """The questions about a photo that is asked for."""
        return tuple(SuiteQuery(index, "", (), sketch=None, text=caption) for caption in photo.captions)

    def _is_asked(self, photo: Photo) -> bool:
        return photo_key(photo.path.name) in self._asked


class DrawnCaptionEntries(CaptionEntries):
    """The same photos; asked by a held-out drawing of a thing on them, and a caption that doesn't name it."""

    name = "captions-drawn"

    def __init__(
        self,
        photos: Sequence[Photo],
        asked: Sequence[str],
        others: Sequence[str],
        drawings: Drawings,
        *,
        images: int | None = None,
    ) -> None:
        """`drawings`: people's; the other arguments as above.

        Raises:
            ValueError: as above.
        """
        super().__init__(photos, asked, others, images=images)
        self._drawings = drawings

    def queries(self, index: int, photo: Photo) -> tuple[SuiteQuery, ...]:
        """One for each thing with a box that people drew, where a caption is left without its name."""
        found = []
        for category in drawn_categories(self._drawings, photo):
            texts = (text_without_name(caption, category) for caption in photo.captions)
            text = next((text for text in texts if text is not None), None)
            if text is not None:
                boxes = tuple(thing.box for thing in photo.objects if thing.category == category)
                sketch = held_out_drawing(self._drawings, photo, category)
                found.append(SuiteQuery(index, category, boxes, sketch, text, groups=("human sketches",)))
        return tuple(found)
