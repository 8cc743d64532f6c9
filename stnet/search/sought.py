"""One picture of the gallery whose rank somebody wants to know, however far down it is."""

import numpy as np

from stnet.gallery.gallery import Gallery
from stnet.search.ranking import Ranked
from stnet.search.results import SearchError, Sought


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


def place_of(gallery: Gallery, ranked: Ranked, row: int) -> Sought:
    """Where the picture of `row` is among all pictures that were ranked."""
    (places,) = np.nonzero(ranked.rows == row)
    return Sought(gallery.id(row), int(places[0]) + 1 if places.size else None)
