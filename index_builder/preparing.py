"""From entries of a source to pictures that can be encoded, some of them ahead of their turn."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from PIL import Image

from index_builder.sources.entry import Entry
from stnet.gallery.writing import Record, metadata_text, store_picture
from stnet.pictures import PictureError, open_picture, picture_to_rgb

Item = TypeVar("Item")
Made = TypeVar("Made")


class Prepared(NamedTuple):
    """A picture as it will be stored, and what its file decodes to."""

    record: Record
    pixels: Image.Image


class Skipped(NamedTuple):
    """An entry that becomes no picture of the gallery."""

    id: str
    reason: str


def prepare(entry: Entry, longest: int, format: str, quality: int) -> Prepared | Skipped:
    """Read one entry; see `store_picture` for the other arguments."""
    if entry.problem is not None:
        return Skipped(entry.id, entry.problem)
    if not entry.content:
        return Skipped(entry.id, "the source has no picture for it")
    try:
        picture = picture_to_rgb(open_picture(entry.content))
    except PictureError as error:
        return Skipped(entry.id, str(error))
    stored = store_picture(picture, longest, format, quality)
    width, height = stored.pixels.size
    record = Record(entry.id, metadata_text(entry.metadata), stored.content, width, height)
    return Prepared(record, stored.pixels)


def ahead(
    work: Callable[[Item], Made], items: Iterable[Item], threads: int, most: int
) -> Generator[Made, None, None]:
    """`map(work, items)`, in order, where threads are at work on the items that come next.

    Args:
        threads: 0 does each piece of work when it is asked for, before the next item is taken.
        most: items that are taken and not yet given back, so that memory is bounded.
    """
    if threads == 0:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(threads, "preparing")
    waiting: deque[Future[Made]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
