"""The score on a CPU, straight from 8-bit features: every byte is read once, and nothing as large is made.

It is compiled when it is first needed, and kept (see `stnet.compiling`); `warm` does that in good time.
"""

import math
from typing import NamedTuple

import numpy as np

from stnet.compiling import Compiled

_NO_BIASES = np.empty((0, 0), dtype=np.float32)


class Packed(NamedTuple):
    """8-bit features of N pictures; a feature is levels * scales.

    Attributes:
        levels: int8 (N, P, D).
        scales: float32 (N, P).
        biases: float32, added to the logits: log of weighted centroids' sizes (N, P), or (0, 0) for none.
    """

    levels: np.ndarray
    scales: np.ndarray
    biases: np.ndarray = _NO_BIASES

    def part(self, rows: slice) -> "Packed":
        """The pictures of a slice; nothing is copied."""
        biases = self.biases[rows] if len(self.biases) else self.biases
        return Packed(self.levels[rows], self.scales[rows], biases)


class PackedQuery(NamedTuple):
    """One query as the kernel takes it.

    Attributes:
        sketch: h_S / tau, float32 (D,).
        query: Q of length one, or zero, float32 (D,).
    """

    sketch: np.ndarray
    query: np.ndarray

    @classmethod
    def of(cls, sketch: np.ndarray, query: np.ndarray, temperature: float) -> "PackedQuery":
        """h_S (D,), Q (D,) and tau > 0.

        Raises:
            ValueError: if the shapes don't fit.
        """
        if sketch.ndim != 1 or sketch.shape != query.shape:
            raise ValueError(f"expected sketch (D,) and query (D,), got {sketch.shape} and {query.shape}")
        wide = query.astype(np.float64)
        length = float(np.linalg.norm(wide)) or 1.0
        return cls(
            np.ascontiguousarray(sketch.astype(np.float64) / temperature, dtype=np.float32),
            np.ascontiguousarray(wide / length, dtype=np.float32),
        )


def score_packed(query: PackedQuery, pictures: Packed, scores: np.ndarray | None = None) -> np.ndarray:
    """cos(Q, V) of one query and N pictures, on this thread alone and without holding the interpreter.

    A picture's score depends on nothing but the query and the picture: neither on N nor on its place.

    Args:
        scores: where to write, float32 (N,); default a new array.

    Returns:
        float32 (N,) in -1..1; 0 where Q or V is zero.

    Raises:
        ValueError: if the shapes don't fit.
    """
    levels, scales, biases = pictures
    fits = levels.ndim == 3 and scales.shape == levels.shape[:2] and query.query.shape == levels.shape[2:]
    if not fits or biases.shape not in (scales.shape, (0, 0)):
        raise ValueError(
            f"expected levels (N, P, D), scales (N, P), biases (N, P) or (0, 0) and a query (D,); got "
            f"{levels.shape}, {scales.shape}, {biases.shape} and {query.query.shape}"
        )
    found = np.empty(len(levels), dtype=np.float32) if scores is None else scores
    _score(levels, scales, biases, query.sketch, query.query, found)
    return found


def warm() -> None:
    """Compile the kernel, which takes seconds, or load what an earlier process compiled."""
    picture = Packed(np.ones((1, 1, 1), np.int8), np.ones((1, 1), np.float32))
    score_packed(PackedQuery.of(np.ones(1), np.ones(1), 1.0), picture)


def _score_pictures(
    levels: np.ndarray,
    scales: np.ndarray,
    biases: np.ndarray,
    sketch: np.ndarray,
    query: np.ndarray,
    scores: np.ndarray,
) -> None:
    pictures, patches, dimension = levels.shape
    biased = biases.shape[0] > 0
    logits = np.empty(patches, np.float32)
    products = np.empty(patches, np.float32)
    localized = np.empty(dimension, np.float32)
    for n in range(pictures):
        highest = np.float32(-np.inf)
        for p in range(patches):
            logit = np.float32(0)
            product = np.float32(0)
            for d in range(dimension):
                level = np.float32(levels[n, p, d])
                logit += level * sketch[d]
                product += level * query[d]
            logit *= scales[n, p]
            if biased:
                logit += biases[n, p]
            logits[p] = logit
            products[p] = product
            highest = max(highest, logit)
        localized[:] = 0
        dot = np.float32(0)
        for p in range(patches):
            weight = np.float32(math.exp(logits[p] - highest))
            weight *= scales[n, p]
            dot += weight * products[p]
            for d in range(dimension):
                localized[d] += weight * np.float32(levels[n, p, d])
        squared = np.float32(0)
        for d in range(dimension):
            squared += localized[d] * localized[d]
        scores[n] = dot / math.sqrt(squared) if squared > 0 else np.float32(0)


_score = Compiled(_score_pictures)
