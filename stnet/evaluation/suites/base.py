"""What a suite is to the measurement: pictures, what is on them, and fixed queries."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from stnet.boxes import Box
from stnet.data.scenes.facts import Fact
from stnet.strokes import Strokes


@dataclass(frozen=True)
class KnownObject:
    """An object on a picture: `box` as x0, y0, x1, y1 in 0..1; `facts`: all that is true of it, if known."""

    category: str
    box: Box
    facts: frozenset[Fact] = frozenset()


@dataclass(frozen=True, eq=False)
class SuiteQuery:
    """One question with a known answer.

    Attributes:
        image: row of the picture that is asked for.
        category: of the thing that is drawn.
        boxes: where it is on that picture; empty if nobody knows.
        sketch: (H, W) uint8, ink high; None in a suite of words alone.
        text: the words, or None for a suite of drawings alone.
        facts: what the text states, as far as that is known.
        groups: labels such as "human sketches", to be reported apart.
        strokes: the lines before hands varied them, for measuring half-finished drawings; None if unknown.
        also: rows of other pictures that are as right as `image`: the best of all counts.
    """

    image: int
    category: str
    boxes: tuple[Box, ...]
    sketch: np.ndarray | None
    text: str | None = None
    facts: tuple[Fact, ...] = ()
    groups: tuple[str, ...] = ()
    strokes: Strokes | None = None
    also: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Entry:
    """A picture of the suite: `pixels` (H, W, 3) uint8, what is on it, and the queries that ask for it."""

    pixels: np.ndarray
    objects: tuple[KnownObject, ...]
    queries: tuple[SuiteQuery, ...]


class Suite(Protocol):
    """A fixed gallery and its queries. Entries don't depend on each other or on the order of asking."""

    name: str
    complete: bool  # False for a part of the suite, whose figures can't be compared with the whole one's

    def __len__(self) -> int:
        """How many pictures."""
        ...

    def entry(self, index: int) -> Entry:
        """Picture `index`; called in worker processes."""
        ...
