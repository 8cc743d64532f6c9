"""A suite without its pixels: what is on its pictures, what is asked, and which answers are right."""

from dataclasses import dataclass

import numpy as np

from stnet.evaluation.suites.base import KnownObject, SuiteQuery


@dataclass(frozen=True, eq=False)
class AskedSuite:
    """N pictures and Q queries.

    Attributes:
        name, complete: the suite's, see there.
        objects: what is on each picture, N tuples.
        queries: the Q queries.
    """

    name: str
    complete: bool
    objects: list[tuple[KnownObject, ...]]
    queries: list[SuiteQuery]

    @property
    def images(self) -> int:
        """N, the number of pictures."""
        return len(self.objects)

    @property
    def targets(self) -> np.ndarray:
        """Row of the picture that each query asks for: (Q,)"""
        return np.array([query.image for query in self.queries])

    @property
    def drawn(self) -> bool:
        """Whether the queries have sketches."""
        return all(query.sketch is not None for query in self.queries)

    @property
    def worded(self) -> bool:
        """Whether the queries have words."""
        return all(query.text is not None for query in self.queries)

    def right(self, rows: slice) -> np.ndarray:
        """Which pictures are right answers to these queries: (chunk, N) bool."""
        found = np.zeros((len(self.queries[rows]), self.images), bool)
        for place, query in enumerate(self.queries[rows]):
            found[place, [query.image, *query.also]] = True
        return found
