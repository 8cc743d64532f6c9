"""Which pictures are worth their exact score: those with the best scores by their centroids.

In a large gallery those are looked for among the best by a part of the centroids' dimensions.
"""

from typing import NamedTuple

import numpy as np

from stnet.gallery.sieve import Sieve, kept
from stnet.model.scoring_kernel import Packed, PackedQuery
from stnet.search.scanning import scan, scan_lanes


class Chosen(NamedTuple):
    """Pictures: rows int64 (N,), ascending, and float32 (N,), their scores by centroids."""

    rows: np.ndarray
    scores: np.ndarray


def choose(
    query: PackedQuery,
    centroids: Packed,
    sieve: Sieve | None,
    count: int,
    threads: int,
    among: np.ndarray | None = None,
) -> Chosen:
    """The `count` pictures with the highest scores by centroids, equal ones by their row.

    Args:
        centroids: of all pictures, (N, K, D).
        sieve: of the same pictures; None to score all of them by their whole centroids.
        among: the rows that count, int64, ascending; None for all.
    """
    pictures = len(centroids.levels)
    few = kept(pictures, count)
    if sieve is not None and (pictures if among is None else len(among)) > few:
        scores = scan_lanes(sieve.turned(query), sieve.lanes, threads)[:pictures]
        among = highest(scores, few) if among is None else among[highest(scores[among], few)]
    scores = scan(query, centroids, threads, among)
    best = highest(scores, count)
    return Chosen(best if among is None else among[best], scores[best])


def highest(scores: np.ndarray, count: int) -> np.ndarray:
    """The places of the `count` highest scores, equal ones by their place, ascending: int64 (count,)"""
    if count >= len(scores):
        return np.arange(len(scores))
    threshold = np.partition(scores, -count)[-count]
    above = np.flatnonzero(scores > threshold)
    return np.sort(np.concatenate([above, np.flatnonzero(scores == threshold)[: count - len(above)]]))
