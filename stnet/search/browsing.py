"""A gallery without a query: its pictures, a page at a time, in an order that shows what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stnet.gallery.browsing import browsing_order
from stnet.gallery.gallery import Gallery
from stnet.search.query import MOST_RESULTS
from stnet.search.results import SearchError

DEFAULT_PICTURES = 24  # fill whole rows of 2, 3, 4, 6, 8 or 12


@dataclass(frozen=True, eq=False)
class GalleryPicture:
    """One picture of a gallery.

    Attributes:
        id: the picture's id in the gallery.
        metadata: what the source said about the picture.
        size: width and height, in pixels.
        picture_bytes: the stored file.
        picture_format: "jpeg" or "webp".
    """

    id: str
    metadata: dict[str, Any]
    size: tuple[int, int]
    picture_bytes: bytes = field(repr=False)
    picture_format: str


@dataclass(frozen=True, eq=False)
class GalleryPage:
    """Some of a gallery's pictures.

    Attributes:
        gallery_name, gallery_size: what was looked at.
        offset: how many pictures come before these.
        total: how many there are, of all pages together.
        pictures: in the gallery's browsing order.
    """

    gallery_name: str
    gallery_size: int
    offset: int
    total: int
    pictures: list[GalleryPicture]

    def to_dict(self, images: Sequence[str] | None = None) -> dict[str, Any]:
        """The page as JSON; `images` has an address or file for each picture, in order, null without it."""
        absent = [None] * len(self.pictures)
        places = zip(self.pictures, images or absent, strict=True)
        return {
            "gallery": {"name": self.gallery_name, "size": self.gallery_size},
            "offset": self.offset,
            "total": self.total,
            "pictures": [
                {
                    "id": picture.id,
                    "width": picture.size[0],
                    "height": picture.size[1],
                    "metadata": picture.metadata,
                    "image": image,
                }
                for picture, image in places
            ],
        }


def browse(
    gallery: Gallery, offset: int = 0, count: int = DEFAULT_PICTURES, rows: np.ndarray | None = None
) -> GalleryPage:
    """Pictures offset..offset + count in the gallery's browsing order; none after its end.

    Of a gallery that other machines hold none are shown: they come by searches alone.

    Args:
        rows: of the only pictures to go through, int64 (N,); None for all.

    Raises:
        SearchError: if the offset is no whole number from 0 on, or the count none from 1 to MOST_RESULTS.
        GalleryError: if the file of the pictures has become shorter.
    """
    start, most = check_offset(offset), check_page(count)
    whole = len(gallery) if gallery.is_here else 0
    total = whole if rows is None else len(rows)
    places = browsing_order(total, start, most)
    shown = (places if rows is None else rows[places]).tolist()
    return GalleryPage(gallery.name, len(gallery), start, total, [_picture(gallery, row) for row in shown])


def check_offset(offset: int) -> int:
    """How many pictures to leave out before the first.

    Raises:
        SearchError: if it is not a whole number from 0 on.
    """
    if not _is_whole(offset) or not 0 <= offset < 2**53:  # what JSON keeps exactly
        raise SearchError(f"The offset must be a whole number, 0 or more, got {offset!r:.80}")
    return int(offset)


def check_page(count: int) -> int:
    """How many pictures to give.

    Raises:
        SearchError: if it is not a whole number in 1..MOST_RESULTS.
    """
    if not _is_whole(count) or not 1 <= count <= MOST_RESULTS:
        raise SearchError(
            f"The number of pictures must be a whole number from 1 to {MOST_RESULTS}, got {count!r:.80}"
        )
    return int(count)


def _is_whole(number: object) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and number == number // 1


def _picture(gallery: Gallery, row: int) -> GalleryPicture:
    return GalleryPicture(
        gallery.id(row),
        gallery.metadata(row),
        gallery.size(row),
        gallery.picture_bytes(row),
        gallery.manifest.picture_format,
    )
