"""Not this: what a query doesn't want is taken away from its vector, so that pictures of it fall behind."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from stnet.gallery.gallery import Gallery
from stnet.search.results import SearchError

# Of one unwanted thing against the query. Measured on scenes-1k by `benchmarks.exclusion`: more of it hardly
# keeps more away, and costs the drawn thing.
WEIGHT = 0.25
MOST_UNLIKE = 8  # pictures that one query may turn away from
NOTHING_WANTED = "Say or draw what to look for, too, not only what to leave out."

# "not far from it" is left out as "far from it"; "not only red" leaves nothing out
_UNWANTED = re.compile(
    r"\b(?:not|without)\b(?!\s+(?:only|just)\b)\s*"
    r"(?P<thing>.*?)\s*(?:[,;.]+\s*(?:but\b)?|\bbut\b|(?=\b(?:not|without|with)\b)|$)",
    re.IGNORECASE,
)


class Wishes(NamedTuple):
    """The words of a query apart: what is asked for, and what is to be left out, "" for nothing."""

    wanted: str
    unwanted: str


def read_wishes(text: str) -> Wishes:
    """Split words at "not" and "without", up to the next comma, "but" or "with".

    "a cat without a hat, on a sofa" asks for "a cat, on a sofa" and leaves out "a hat".
    """
    unwanted = [found["thing"] for found in _UNWANTED.finditer(text) if found["thing"]]
    if not unwanted:
        return Wishes(text, "")
    kept = [part.strip(" ,;.") for part in _UNWANTED.sub("\n", text).split("\n")]
    return Wishes(", ".join(part for part in kept if part), ", ".join(unwanted))


def unlike_rows(gallery: Gallery, ids: Sequence[str]) -> np.ndarray:
    """The rows of the pictures to turn away from: int64 (U,), ascending, each once.

    Raises:
        SearchError: if the ids are no list of up to MOST_UNLIKE, one isn't the gallery's, or none is left.
    """
    if isinstance(ids, str) or not isinstance(ids, Sequence) or len(ids) > MOST_UNLIKE:
        raise SearchError(f"Expected a list of up to {MOST_UNLIKE} ids to turn away from, got {ids!r:.200}")
    try:
        rows = np.unique(np.array([gallery.row(id) for id in ids], np.int64))
    except ValueError as error:
        raise SearchError(str(error)) from error
    if len(rows) == len(gallery):
        raise SearchError("Every picture of the gallery is left out: nothing is left to find")
    return rows


def vectors_of(gallery: Gallery, rows: np.ndarray, device: torch.device) -> list[Tensor]:
    """The index vectors of pictures, (D,) each."""
    return [torch.from_numpy(gallery.vector(int(row))).to(device) for row in rows]


def take_away(query: Tensor, unwanted: Sequence[Tensor], weight: float = WEIGHT) -> Tensor:
    """Q without what isn't wanted: Q / |Q| - weight * sum of E / |E|, ours.

    Args:
        query: Q, (..., D).
        unwanted: E, (..., D) each: what each unwanted thing alone would ask for, or a picture's vector.

    Returns:
        (..., D), Q itself if nothing is unwanted.
    """
    if not unwanted:
        return query
    away = sum((F.normalize(vector, dim=-1) for vector in unwanted[1:]), F.normalize(unwanted[0], dim=-1))
    return F.normalize(query, dim=-1) - weight * away
