"""What the page asks: a sketch, text, how many results, which half counts more, and where to search."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stnet.search.exclusion import MOST_UNLIKE
from stnet.search.things import MOST_THINGS
from webapp.canvas import Sketch

MOST_FILTERS = 8  # of one query
LONGEST_THING = 80  # letters of a name
STEPS = 1000  # of a picture's side: as exact as a link says where a region is

ChosenFilters = tuple[tuple[str, str], ...]  # fields of the metadata, with a value each


@dataclass(frozen=True)
class Likeness:
    """A picture of a gallery whose like is wanted, or one region of it.

    Attributes:
        id: the picture's in its gallery.
        number: its rank where the visitor saw it.
        region: x0, y0, x1, y1 in 0..1 of the picture, in STEPS; None for all of it.
    """

    id: str
    number: int
    region: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class PageQuery:
    """One query of the page.

    Attributes:
        sketch: what is on the paper; None for nothing.
        text: the words as they were typed.
        top_k: how many results, 1..MOST_RESULTS of stnet.search.query.
        balance: from -1, text alone, to 1, sketch alone.
        gallery: the name of the one to search; None for the server's first, or where there is no other.
        like: asked for instead of sketch and text, which wait until it is taken away.
        unlike: ids of the pictures to turn away from, MOST_UNLIKE of stnet.search.exclusion at most.
        several: whether each thing that is drawn apart is wanted.
        filters: what the metadata says of the pictures that are ranked: fields with a value each.
        names: of these things, from left to right, "" for none; at most MOST_THINGS of stnet.search.things,
            each of LONGEST_THING letters at most.
        guess: whether the names that the sketch is taken for count as said.
    """

    sketch: Sketch | None
    text: str
    top_k: int
    balance: float
    gallery: str | None = None
    like: Likeness | None = None
    unlike: tuple[str, ...] = ()
    several: bool = False
    filters: ChosenFilters = ()
    names: tuple[str, ...] = ()
    guess: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked: then there is the wall, of what passes the filters."""
        return self.sketch is None and not self.text.strip() and self.like is None


def read_likeness(value: object) -> Likeness | None:
    """What a browser sent as {"id", "number", "region"}, perhaps by somebody else's hand; None for None.

    Raises:
        ValueError: if it is anything else.
    """
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise ValueError(f'expected {{"id": text, "number": ..., "region": ...}}, got {str(value)[:80]}')
    region = value.get("region")
    if region is not None:
        numbers = [round(float(number) * STEPS) / STEPS for number in region]
        x0, y0, x1, y1 = numbers
        region = (x0, y0, x1, y1)
    return Likeness(value["id"], int(value.get("number") or 1), region)


def read_names(names: Sequence[str]) -> Iterator[str]:
    """Names of things as anybody sent them, as short and as few as a query has; none if all are blank."""
    cleaned = [" ".join(name.split())[:LONGEST_THING] for name in names[:MOST_THINGS]]
    if any(cleaned):
        yield from cleaned


def wished(query: PageQuery, value: object) -> PageQuery:
    """The query after another wish about its answer.

    Args:
        value: what a browser sent, perhaps by somebody else's hand: {"wish": "several"} turns that on or off,
            {"wish": "names", "names": [...]} names the things; {"wish": "away", "id": ...} turns away from
            one more picture, and of more than MOST_UNLIKE from the last ones; {"wish": "readmit"} from none;
            {"wish": "filter", "name": ..., "value": ...} takes only pictures with this value of a field, or
            with any if it is "".

    Raises:
        ValueError: if it is anything else.
    """
    match value:
        case {"wish": "several"}:
            return replace(query, several=not query.several, names=())
        case {"wish": "names", "names": [*names]} if all(isinstance(name, str) for name in names):
            return replace(query, several=True, names=tuple(read_names(names)))
        case {"wish": "away", "id": str(id)}:
            others = tuple(other for other in query.unlike if other != id)
            return replace(query, unlike=(*others, id)[-MOST_UNLIKE:])
        case {"wish": "readmit"}:
            return replace(query, unlike=())
        case {"wish": "filter", "name": str(name), "value": str(chosen)}:
            kept = tuple(one for one in query.filters if one[0] != name)
            return replace(query, filters=(*kept, (name, chosen))[:MOST_FILTERS] if chosen else kept)
    raise ValueError(f'expected {{"wish": "several", "names", "away", ...}}, got {str(value)[:80]}')
