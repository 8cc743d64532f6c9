"""One picture of the gallery whose rank somebody wants to know, however far down it is."""

import numpy as np

from stnet.gallery.gallery import Gallery
from stnet.search.ranking import Ranker
from stnet.search.results import SearchError, Sought
from stnet.search.several import Asked


def sought_row(gallery: Gallery, id: object) -> int | None:
    """The row of the picture that is sought; None for None.

    Raises:
        SearchError: if the gallery has no such picture.
    """
    if id is None:
        return None
    if not isinstance(id, str):
        raise SearchError(f"The id of what is sought must be text, got {type(id).__name__}")
    try:
        return gallery.row(id)
    except ValueError as error:
        raise SearchError(str(error)) from error


def place_of(row: int, asked: Asked, ranker: Ranker, pool: int, away: np.ndarray) -> Sought:
    """Where the picture of `row` is among the `pool` candidates, to which it is added.

    None where it isn't ranked at all: turned away from, or left out by a filter. Call it in inference mode.
    """
    wanted = np.intersect1d(np.setdiff1d(ranker.rows, away), row)
    rows = np.setdiff1d(np.union1d(asked.candidates(ranker, min(pool, ranker.size)), wanted), away)
    place = np.flatnonzero(asked.rank(ranker, rows, len(rows)).rows == row) + 1 if wanted.size else wanted
    return Sought(ranker.gallery.id(row), int(place[0]) if place.size else None)
