"""Filters: only pictures of which a gallery's metadata says certain things are ranked."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stnet.gallery.gallery import Gallery
from stnet.search.licences import spelled
from stnet.search.results import SearchError

MOST_VALUES = 1_000  # of a field: one with more says something else of every picture
MOST_NAMED = 30  # fields or values that a refusal lists
MOST_OFFERED = 30  # values that a person can choose between
LONGEST_OFFERED = 60  # letters of a value that a person can choose
LEAST_SHARE = 0.5  # of the pictures that a field must be about, to be offered
NOT_OFFERED = ("title", "name", "caption", "text", "url", "source")  # for programs only

# by field: a value, or several, of which each is right
Filters = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Field:
    """What a gallery can be filtered by.

    Attributes:
        name: as the metadata has it; of a part of the picture "part: name".
        values: with how many pictures have them, most first.
    """

    name: str
    values: tuple[tuple[str, int], ...]


class GalleryFields:
    """The fields of one gallery, read when they are first needed. Threads may share it."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._lock = threading.Lock()
        self._rows: dict[str, dict[str, np.ndarray]] | None = None

    def rows(self, filters: Filters | None) -> np.ndarray | None:
        """The rows of the pictures that pass all filters: int64, ascending; None where there is no filter.

        Raises:
            SearchError: if the filters are no names with values, or the gallery has no such field or value;
                the text says which there are.
        """
        if filters is None or filters == {}:
            return None
        if not isinstance(filters, Mapping):
            raise SearchError(f'Filters are {{"field": "value", ...}}, got {filters!r:.200}')
        passing = [self._passing(name, wanted) for name, wanted in filters.items()]
        rows = passing[0]
        for others in passing[1:]:
            rows = np.intersect1d(rows, others)
        return rows

    def offered(self) -> list[Field]:
        """The fields that a person can choose by: of few values, about most of the pictures."""
        fields = [self._field(name) for name in self._read()]
        return [field for field in fields if self._is_offered(field)]

    def _is_offered(self, field: Field) -> bool:
        about = sum(count for _, count in field.values)
        return (
            field.name.rpartition(": ")[2].casefold() not in NOT_OFFERED
            and 2 <= len(field.values) <= MOST_OFFERED
            and max(len(value) for value, _ in field.values) <= LONGEST_OFFERED
            and about >= LEAST_SHARE * len(self._gallery)
        )

    def _field(self, name: str) -> Field:
        counts = [(value, len(rows)) for value, rows in self._read()[name].items()]
        return Field(name, tuple(sorted(counts, key=lambda one: (-one[1], one[0]))))

    def _passing(self, name: str, wanted: str | Sequence[str]) -> np.ndarray:
        values = self._read().get(name)
        if values is None:
            raise SearchError(
                f"The gallery {self._gallery.name!r} can't be filtered by {str(name)[:100]!r}; "
                f"there is {_listed(list(self._read()))}"
            )
        chosen = [wanted] if isinstance(wanted, str) else wanted
        if not isinstance(chosen, Sequence) or not chosen or not all(isinstance(one, str) for one in chosen):
            raise SearchError(f"A filter's value is a text, or a list of texts, got {wanted!r:.200}")
        chosen = [spelled(name, one) for one in chosen]
        for one in chosen:
            if one not in values:
                raise SearchError(
                    f"The gallery {self._gallery.name!r} has no picture with {name} = {one[:100]!r}; "
                    f"there is {_listed([value for value, _ in self._field(name).values])}"
                )
        return np.unique(np.concatenate([values[one] for one in chosen]))

    def _read(self) -> dict[str, dict[str, np.ndarray]]:
        """field -> value -> rows, ascending."""
        with self._lock:
            if self._rows is None:
                self._rows = read_fields(self._gallery) if self._gallery.is_here else {}
            return self._rows


def read_fields(gallery: Gallery) -> dict[str, dict[str, np.ndarray]]:
    """What the metadata says: field -> value -> the rows that have it, ascending.

    Lists of texts have each of them as a value, licences one spelling each. Fields with more than
    MOST_VALUES are left out.
    """
    found: dict[str, dict[str, list[int]]] = {}
    too_many: set[str] = set()
    for row in range(len(gallery)):
        for name, value in _said(gallery.metadata(row)):
            if name in too_many:
                continue
            rows = found.setdefault(name, {}).setdefault(spelled(name, value), [])
            if not rows or rows[-1] != row:
                rows.append(row)
            if len(found[name]) > MOST_VALUES:
                too_many.add(name)
                del found[name]
    return {
        name: {value: np.array(rows, np.int64) for value, rows in values.items()}
        for name, values in found.items()
    }


def _said(metadata: Mapping[str, Any], part: str = "") -> Iterator[tuple[str, str]]:
    """Pairs of a field and a value; lists of other things than texts, like boxes, say nothing."""
    for name, value in metadata.items():
        if isinstance(value, Mapping):
            yield from _said(value, f"{part}{name}: ")
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, bool):
                yield f"{part}{name}", str(one).lower()
            elif isinstance(one, str) or (isinstance(one, int | float) and not isinstance(value, list)):
                yield f"{part}{name}", str(one)


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "nothing to filter by"
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(map(repr, names[:MOST_NAMED])) + more
