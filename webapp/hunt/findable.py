"""Which pictures are worth a hunt: those that somebody finds who says what they show."""

import threading
from typing import Any
from weakref import WeakKeyDictionary

from stnet.gallery.gallery import Gallery
from webapp.results.content import caption
from webapp.search_service import Answerer

FIRST = 12  # a picture's own caption brings it among the results that a search shows
FEWEST = 30  # with fewer, the hunt would soon repeat itself: then every picture is hunted
MOST_PICTURES = 10_000  # of a gallery; captions of more take too long to try

_kept: "WeakKeyDictionary[Gallery, tuple[int, ...]]" = WeakKeyDictionary()
_trying = threading.Lock()


def findable_rows(answerer: Answerer, gallery: Any = None) -> tuple[int, ...]:
    """The rows that are hunted in one of the server's galleries, ascending; tried once for each gallery.

    Raises:
        SearchError: for a gallery that isn't there.
    """
    where = answerer.gallery(gallery)
    with _trying:
        if where not in _kept:
            _kept[where] = _try(answerer, where)
        return _kept[where]


def _try(answerer: Answerer, gallery: Gallery) -> tuple[int, ...]:
    everything = tuple(range(len(gallery)))
    if len(gallery) > MOST_PICTURES:
        return everything
    captions = {row: text for row in everything if (text := caption(gallery.metadata(row)))}
    found = answerer.found_by_words(captions, FIRST, gallery=gallery.name)
    return tuple(found) if len(found) >= FEWEST else everything
