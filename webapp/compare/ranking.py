"""One query asked of two systems, where the model is."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from stnet.search import SearchEngine, SearchError, SearchResult
from stnet.search.opening import AFAR
from stnet.search.query import check_count, read_query
from stnet.search.responding import results_of
from stnet.search.results import Mode

READ_AT_A_TIME = 1024  # pictures whose features are in memory together
MOST_PICTURES = 20_000  # every picture is scored for every query: about a second of one core for each system
TOO_LARGE = (
    "Systems can't be compared in this gallery: they score every picture, and it has more than "
    f"{MOST_PICTURES:,}"
)


@dataclass(frozen=True, eq=False)
class Column:
    """What one system found.

    Attributes:
        system: its name.
        used: which halves of the query; None if the query has none that the system asks by.
        results: best first; `score` is the system's own, and nothing is localized.
    """

    system: str
    used: Mode | None
    results: tuple[SearchResult, ...]

    @property
    def ids(self) -> list[str]:
        """Of the results, in order."""
        return [result.id for result in self.results]


@dataclass(frozen=True, eq=False)
class Compared:
    """The answer of two systems to one query: `mode`, `text` and `truncated` as in SearchResponse."""

    mode: Mode
    text: str
    truncated: bool
    gallery_name: str
    gallery_size: int
    model: str
    columns: tuple[Column, ...]

    def elsewhere(self, column: Column) -> list[int | None]:
        """The rank of each of the column's pictures in the other column; None where it isn't there."""
        (other,) = [one for one in self.columns if one is not column]
        ranks = {result.id: result.rank for result in other.results}
        return [ranks.get(id) for id in column.ids]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What two systems found, with the paths of each column's pictures, in order."""

    compared: Compared
    pictures: list[list[str]]


def compare_systems(
    engine: SearchEngine, *, systems: Sequence[str], sketch: Image.Image | None, text: str | None, top_k: int
) -> Compared:
    """Rank the whole gallery with both systems.

    A system that asks by one half takes that half of the query. Nothing is left out or weighed: what the
    words say after "not" is not read.

    Raises:
        SearchError: for a query that can't be answered, a system that isn't there or can't work with this
            checkpoint, or a gallery of more than MOST_PICTURES or on other machines.
    """
    if len(systems) != 2:
        raise SearchError(f"Two systems are compared, got {len(systems)}")
    # on first use: who never compares never loads it
    from stnet.systems.serving import halved, rank_gallery, readable, serve

    loaded, gallery = engine.loaded, engine.gallery
    if not gallery.is_here:
        raise SearchError(AFAR)
    if len(gallery) > MOST_PICTURES:
        raise SearchError(TOO_LARGE)
    count, query = check_count(top_k, gallery), read_query(loaded.processor, sketch, text)
    columns = []
    for name in systems:
        try:
            system = serve(name, loaded)
        except ValueError as error:
            raise SearchError(str(error)) from error
        kind = readable(system, query.mode)
        results: tuple[SearchResult, ...] = ()
        if kind is not None:
            asked = halved(query, kind)
            with engine.computing():
                ranked = rank_gallery(system, gallery, asked, count, at_a_time=READ_AT_A_TIME)
            results = tuple(results_of(gallery, ranked))
        columns.append(Column(name, kind, results))
    return Compared(
        query.mode, query.text, query.truncated, gallery.name, len(gallery), loaded.name, tuple(columns)
    )
