"""The ceiling of a suite: what perfect perception would reach with the same queries."""

from collections.abc import Iterable, Sequence

import numpy as np

from stnet.data.scenes.facts import Fact
from stnet.evaluation.metrics import expected_retrieval
from stnet.evaluation.suites.base import KnownObject, SuiteQuery


class Oracle:
    """Sees every object and every fact, and knows what was drawn and said; among equals it has to guess.

    A sketch says the category, words say facts about one object. Pictures with an object for which all of
    that is true can't be told apart: the oracle ranks them by chance before all others.
    """

    def __init__(self, pictures: Sequence[Iterable[KnownObject]]) -> None:
        self._pictures = len(pictures)
        self._by_category: dict[str, set[int]] = {}
        self._by_fact: dict[Fact, set[int]] = {}
        self._picture: list[int] = []  # of each object
        for row, objects in enumerate(pictures):
            for thing in objects:
                number = len(self._picture)
                self._picture.append(row)
                self._by_category.setdefault(thing.category, set()).add(number)
                for fact in thing.facts:
                    self._by_fact.setdefault(fact, set()).add(number)

    def fitting(self, category: str | None, facts: Sequence[Fact]) -> set[int]:
        """Rows of the pictures with an object of this category (any, if None) for which all facts hold."""
        found = [self._by_fact.get(fact, set()) for fact in facts]
        if category is not None:
            found.append(self._by_category.get(category, set()))
        objects = set.intersection(*found) if found else set(range(len(self._picture)))
        return {self._picture[number] for number in objects}

    def tied(self, queries: Sequence[SuiteQuery], modality: str) -> np.ndarray:
        """How many pictures fit each query, read in this modality: (Q,). All right ones count as one."""
        return np.array([len(self._fitting(query, modality) - query.also) for query in queries])

    def _fitting(self, query: SuiteQuery, modality: str) -> set[int]:
        category = None if modality == "text" else query.category
        facts = () if modality == "sketch" else query.facts
        return self.fitting(category, facts) | {query.image} | query.also  # an annotation may miss one

    def figures(self, queries: Sequence[SuiteQuery], modality: str) -> dict[str, float]:
        """Expected R@K in per cent and MdR; for sketches alone the reachable precision by category, too."""
        figures = expected_retrieval(self.tied(queries, modality))
        if modality == "sketch":
            fitting = np.array([len(self._fitting(query, modality)) for query in queries])
            for cutoff in (10, 100):
                places = min(cutoff, self._pictures)
                figures[f"Prec@{cutoff}"] = float(100 * np.minimum(1.0, fitting / places).mean())
        return figures
