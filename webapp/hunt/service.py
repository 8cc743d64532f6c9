"""What the server does for a hunt: it hands out the picture of a day, and says where a search finds it."""

from dataclasses import dataclass
from typing import Any

from stnet.search import SearchError
from webapp.hunt.choice import mark_of, read_day, row_of_day
from webapp.hunt.findable import findable_rows
from webapp.query import PageQuery
from webapp.search_service import Answerer

ELSEWHERE = "The hunt is in “{name}”: choose that above, then search again."
BY_PICTURE = "A search by a picture doesn't count: draw, or say it."


@dataclass(frozen=True)
class Hunted:
    """The picture of a day.

    Attributes:
        day: in UTC, like 2026-11-26.
        gallery, size: where it is hunted, and among how many pictures.
        mark: of the gallery; another one means that other pictures are hunted there.
        id: the picture's in the gallery.
        path: of its file, which the server may hand out.
        metadata: what the gallery knows of it.
    """

    day: str
    gallery: str
    size: int
    mark: str
    id: str
    path: str
    metadata: dict[str, Any]


def hunted(answerer: Answerer, day: Any = None, gallery: Any = None) -> Hunted:
    """The picture that is hunted on a day, today for None, in one of the server's galleries.

    Raises:
        SearchError: for a day that has not begun or is none, or a gallery that isn't there.
    """
    when, where = read_day(day), answerer.gallery(gallery)
    rows = findable_rows(answerer, gallery)
    row = row_of_day(when, where, rows)
    return Hunted(
        day=when.isoformat(),
        gallery=where.name,
        size=len(where),
        mark=mark_of(where, rows),
        id=where.id(row),
        path=answerer.shelf.put_picture(where.picture(row), "JPEG"),
        metadata=where.metadata(row),
    )


def rank_of(answerer: Answerer, query: PageQuery, day: Any) -> int | None:
    """At which rank the first gallery's picture of a day comes; None where the query turns away from it.

    Raises:
        SearchError: if the query asks for the like of a picture, or is of another gallery.
        SketchError: if the paper's picture can't be read any more.
    """
    gallery = answerer.gallery()
    if query.gallery not in (None, gallery.name):
        raise SearchError(ELSEWHERE.format(name=gallery.name))
    if query.like is not None or (query.sketch is not None and query.sketch.photo):
        raise SearchError(BY_PICTURE)
    response = answerer.search(
        None if query.sketch is None else query.sketch.draw(),
        query.text,
        1,
        query.balance,
        unlike=query.unlike,
        several=query.several,
        names=query.names,
        guess=query.guess,
        sought=gallery.id(row_of_day(read_day(day), gallery, findable_rows(answerer))),
    ).response
    return response.sought.rank if response.sought else None
