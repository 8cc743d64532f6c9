"""What Duet claims to be of use for (arXiv 2403.07222), measured of every system that takes both halves.

Which one: of all pictures that show the drawn thing, the one that is meant (fine-grained retrieval). Other
words: the same drawing, with the words of another light or place, asks for such a thing there (attribute
transfer). What both halves are worth together is the systems' comparison itself (composed retrieval).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import Any

import numpy as np

from stnet.data.scenes.facts import Fact
from stnet.data.words.phrases import LIGHTS
from stnet.data.words.place_phrases import PLACES
from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.oracle import Oracle
from stnet.evaluation.suites.base import SuiteQuery
from stnet.systems.interface import System
from stnet.systems.measuring import Seen, all_scores, modalities

KINDS = ("light", "place")  # of facts that other words state, query by query in turn
WORDS = {"light": LIGHTS, "place": PLACES}
DRAWN = ("traced sketches", "human sketches")  # the first are of that very thing, the second of such a thing


@dataclass(frozen=True, eq=False)
class Task:
    """Queries, and what is right among which pictures.

    Attributes:
        asked: the suite with these queries.
        rows: their numbers in the suite, (T,).
        right: (T, N) bool.
        among: pictures that show such a thing, (T, N) bool, all that are right with them.
        groups: which of the queries belong together, by name, (T,) bool each.
    """

    asked: AskedSuite
    rows: np.ndarray
    right: np.ndarray
    among: np.ndarray
    groups: dict[str, np.ndarray]


def which_one(asked: AskedSuite) -> Task:
    """Every query whose thing several pictures show; the words are the query's own."""
    oracle, everything = Oracle(asked.objects), asked.right(slice(None))
    among = _marked([oracle.fitting(query.category, ()) for query in asked.queries], asked.images)
    among |= everything
    rows = np.flatnonzero(among.sum(1) > everything.sum(1))
    queries = [asked.queries[row] for row in rows]
    groups = {name: np.array([name in query.groups for query in queries], bool) for name in DRAWN}
    return Task(replace(asked, queries=queries), rows, everything[rows], among[rows], groups)


def other_words(asked: AskedSuite) -> Task:
    """Every query with other words: a light or a place of other pictures of its thing, not of its own.

    Light and place take turns, and so do their values and the ways to say them.

    Raises:
        ValueError: if the suite's pictures have no such facts.
    """
    oracle = Oracle(asked.objects)
    rows, queries, right, among, kinds = [], [], [], [], []
    for row, query in enumerate(asked.queries):
        kind, shown = KINDS[row % len(KINDS)], oracle.fitting(query.category, ())
        elsewhere = _facts_elsewhere(asked, query, shown, kind)
        if not elsewhere:
            continue
        turn = row // len(KINDS)
        fact = elsewhere[turn % len(elsewhere)]
        said = WORDS[kind][fact.value].training
        rows.append(row)
        queries.append(replace(query, text=said[turn % len(said)], facts=(fact,)))
        right.append(oracle.fitting(query.category, (fact,)))
        among.append(shown)
        kinds.append(kind)
    if not rows:
        raise ValueError(f"of {asked.name}'s pictures no light or place is known: other words mean nothing")
    groups = {kind: np.array([one == kind for one in kinds]) for kind in KINDS}
    return Task(
        replace(asked, queries=queries),
        np.array(rows),
        _marked(right, asked.images),
        _marked(among, asked.images),
        groups,
    )


def _facts_elsewhere(asked: AskedSuite, query: SuiteQuery, shown: set[int], kind: str) -> list[Fact]:
    """Facts of this kind of such things on other pictures, but for what is true on the query's own."""
    own = {fact for thing in asked.objects[query.image] for fact in thing.facts}
    found = {
        fact
        for picture in shown
        for thing in asked.objects[picture]
        if thing.category == query.category
        for fact in thing.facts - own
        if fact.kind == kind
    }
    return sorted(found, key=lambda fact: fact.value)


def _marked(pictures: Sequence[set[int]], count: int) -> np.ndarray:
    marks = np.zeros((len(pictures), count), bool)
    for row, some in enumerate(pictures):
        marks[row, sorted(some)] = True
    return marks


def ranks_among(scores: np.ndarray, right: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Rank of the best right picture among some; ties count against it. Each (T, N) -> (T,), from 1."""
    best = np.where(right, scores, -np.inf).max(1, keepdims=True)
    return np.asarray(1 + ((scores >= best) & among & ~right).sum(1))


def measure_uses(system: System, asked: AskedSuite, seen: Seen) -> dict[str, Any]:
    """Both uses of a system, by modality: `figures` of `which one` and of `other words`."""
    own, other = which_one(asked), other_words(asked)
    return {
        modality: {
            "which one": _figures(own, all_scores(system, own.asked, _of(seen, own), modality)),
            "other words": _figures(other, all_scores(system, other.asked, _of(seen, other), modality)),
        }
        for modality in modalities(system, asked)
    }


def _of(seen: Seen, task: Task) -> Seen:
    assert seen.sketches is not None  # what a system that takes both halves is shown
    return Seen(seen.stored, seen.sketches[task.rows])


def _figures(task: Task, scores: np.ndarray) -> dict[str, Any]:
    """By group: `queries`; R@1, R@5 and MdR `among` its thing's pictures; R@10 in the `gallery`."""
    near = ranks_among(scores, task.right, task.among)
    far = ranks_among(scores, task.right, np.ones_like(task.among))
    return {
        name: {
            "queries": int(chosen.sum()),
            "among": {f"R@{k}": _share(near[chosen] <= k) for k in (1, 5)}
            | {"MdR": float(np.median(near[chosen])) if chosen.any() else 0.0},
            "gallery": {"R@10": _share(far[chosen] <= 10)},
        }
        for name, chosen in _groups(task).items()
    }


def chance(task: Task) -> dict[str, Any]:
    """The same shares of orders by chance, and how many pictures show the thing, on the mean."""
    right, among, images = task.right.sum(1), task.among.sum(1), task.right.shape[1]
    return {
        name: {
            "pictures": float(among[chosen].mean()) if chosen.any() else 0.0,
            "among": {f"R@{k}": _guessed(right[chosen], among[chosen], k) for k in (1, 5)},
            "gallery": {"R@10": _guessed(right[chosen], np.full(chosen.sum(), images), 10)},
        }
        for name, chosen in _groups(task).items()
    }


def _groups(task: Task) -> dict[str, np.ndarray]:
    return {"all": np.ones(len(task.rows), bool), **task.groups}


def _share(hits: np.ndarray) -> float:
    return float(100 * hits.mean()) if len(hits) else 0.0


def _guessed(right: np.ndarray, among: np.ndarray, cutoff: int) -> float:
    """Per cent of orders by chance with a right picture among the first `cutoff`."""
    missed = [
        comb(n - r, min(cutoff, n)) / comb(n, min(cutoff, n))
        for r, n in zip(right.tolist(), among.tolist(), strict=True)
    ]
    return float(100 * (1 - np.mean(missed))) if missed else 0.0
