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
        """How many pictures fit each query, its target included, read in this modality: (Q,)"""
        return np.array([len(self._fitting(query, modality)) for query in queries])

    def _fitting(self, query: SuiteQuery, modality: str) -> set[int]:
        category = None if modality == "text" else query.category
        facts = () if modality == "sketch" else query.facts
        return self.fitting(category, facts) | {query.image}  # an annotation may miss the target

    def figures(self, queries: Sequence[SuiteQuery], modality: str) -> dict[str, float]:
        """Expected R@K in per cent and MdR; for sketches alone the reachable precision by category, too."""
        tied = self.tied(queries, modality)
        figures = expected_retrieval(tied)
        if modality == "sketch":
            for cutoff in (10, 100):
                places = min(cutoff, self._pictures)
                figures[f"Prec@{cutoff}"] = float(100 * np.minimum(1.0, tied / places).mean())
        return figures
