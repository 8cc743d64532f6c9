"""Words for one of several things on a paper: its name, beside what is said of all."""

from collections.abc import Sequence
from dataclasses import replace

from stnet.model.processing import STNetProcessor, clean_text
from stnet.search.query import Query
from stnet.search.results import SearchError


def check_names(names: Sequence[str], things: int, *, several: bool) -> tuple[str, ...]:
    """The words for each thing, "" where none are given; () where there are none at all.

    Args:
        names: for the things in their order; those left out at the end have none.
        things: how many are drawn apart.
        several: whether they are searched for one by one.

    Raises:
        SearchError: if these are no texts, more than there are things, or nothing is searched one by one.
    """
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise SearchError(f"Expected a list of names, one for each thing, got {names!r:.200}")
    if not all(isinstance(name, str) for name in names):
        raise SearchError(f"The names of things must be text, got {names!r:.200}")
    cleaned = [clean_text(name).strip() for name in names]
    if not any(cleaned):
        return ()
    if not several:
        raise SearchError("Names are for things that are searched for one by one: ask for several, too")
    if things < 2 or len(cleaned) > things:
        raise SearchError(
            f"{len(cleaned)} names are given for {things} thing{'' if things == 1 else 's'} drawn apart: "
            f"expected two or more things, and a name for each at most"
        )
    return tuple(cleaned + [""] * (things - len(cleaned)))


def part_of(query: Query, place: int, name: str, processor: STNetProcessor, balance: float) -> Query:
    """What is asked for one of the things: its lines, and its name before the words that are said of all.

    Args:
        place: of the thing among `query.things`.
        name: "" for none.
        balance: between drawing and words, as for the whole query; at 1 the drawing is alone.
    """
    part = replace(query, sketch=processor.inked(query.things[place].ink))
    if not name or balance == 1:
        return part
    tokens = processor.text(f"{name} {query.text}".strip())
    return replace(part, tokens=tokens, balance=balance, guess=False)
