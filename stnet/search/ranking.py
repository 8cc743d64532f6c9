"""From a query's vectors to the best pictures: candidates by their centroids, and the paper's score for each.

Both stages compute the same formula, the first one on the 8 weighted centroids of every picture. On a CPU
both are the fused kernel's; with the model on a GPU the second one is torch's.
"""

from dataclasses import dataclass

import numpy as np
import torch

from stnet.gallery.gallery import Gallery, default_pool
from stnet.model.modeling import STNetModel
from stnet.model.scoring import score
from stnet.model.scoring_kernel import PackedQuery
from stnet.search.choosing import choose, highest
from stnet.search.encoding import Vectors
from stnet.search.results import SearchError
from stnet.search.scanning import scan_stored, scanners

CHUNK = 256  # pictures that a GPU scores at a time


@dataclass(frozen=True)
class Best:
    """The row and the score of the best picture for one query."""

    row: int
    score: float


@dataclass(frozen=True, eq=False)
class Ranked:
    """The pictures to show, best first.

    Attributes:
        rows: int64 (K,).
        scores: float32 (K,).
        percentiles: 100 x the share of all pictures that are ranked with a lower score, (K,).
        middle: the median score of all pictures that were scored; 0 if there was none.
        offset: how many come before these.
    """

    rows: np.ndarray
    scores: np.ndarray
    percentiles: np.ndarray
    middle: float
    offset: int = 0

    @property
    def best(self) -> Best:
        """The first one; there must be one."""
        return Best(int(self.rows[0]), float(self.scores[0]))

    def after(self, first: int, *, behind: float = 0.0) -> "Ranked":
        """Without those before place `first`; `behind` is the share of the gallery before them all."""
        rows, scores, percentiles = (of[first:] for of in (self.rows, self.scores, self.percentiles))
        return Ranked(rows, scores, percentiles - 100.0 * behind, self.middle, self.offset + first)


class Ranker:
    """One model's ranking of one gallery. Keeps nothing: threads may share it. Call it in inference mode."""

    def __init__(self, model: STNetModel, gallery: Gallery, rows: np.ndarray | None = None) -> None:
        """`rows`: of the pictures that are ranked, int64, ascending; None for all."""
        self._model = model
        self._device = next(model.parameters()).device
        self.gallery = gallery
        self._rows = rows

    def among(self, rows: np.ndarray | None) -> "Ranker":
        """The ranking of these pictures only; None for all."""
        return type(self)(self._model, self.gallery, rows)

    @property
    def rows(self) -> np.ndarray:
        """Of the pictures that are ranked: int64, ascending."""
        return np.arange(len(self.gallery)) if self._rows is None else self._rows

    @property
    def size(self) -> int:
        """How many pictures are ranked."""
        return len(self.gallery) if self._rows is None else len(self._rows)

    def prepare(self) -> None:
        """Make now what the first search would wait for."""
        self.gallery.prepare()

    def candidates(self, vectors: Vectors, size: int) -> np.ndarray:
        """The rows worth scoring for a query, ascending: int64, `size` of those that are ranked, or all."""
        if size >= self.size:
            return self.rows
        if self.words_alone(vectors):
            return np.sort(self.nearest(vectors.query.float().cpu().numpy(), size)[0])
        gallery, threads = self.gallery, scanners()
        return choose(
            self.packed(vectors), gallery.centroids, gallery.sieve, size, threads, among=self._rows
        ).rows

    def nearest(self, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Of the pictures that are ranked, those whose index vectors are nearest to a direction (D,).

        Returns:
            rows int64 (M,) and cosines float32 (M,), M <= count.
        """
        if self._rows is None:
            return self.gallery.nearest(vector, count)
        cosines = self.gallery.vectors(self._rows) @ (vector / np.linalg.norm(vector)).astype(np.float32)
        best = highest(cosines, count)
        return self._rows[best], cosines[best]

    @property
    def temperature(self) -> torch.Tensor:
        """tau of the model's attention."""
        return self._model.temperature

    def patches(self, rows: np.ndarray) -> torch.Tensor:
        """H of the pictures of `rows`, where the model is: (N, P, D)"""
        return self.gallery.patch_features(rows).to(self._device)

    def scores(self, vectors: Vectors, rows: np.ndarray) -> np.ndarray:
        """cos(Q, V) for the pictures of `rows`, ascending and each once: float32 (N,)"""
        if self._device.type == "cpu":
            return scan_stored(self.packed(vectors), self.gallery.patch_store, rows, scanners())
        parts = [
            score(
                vectors.sketch,
                vectors.query,
                self.patches(rows[start : start + CHUNK]),
                self.temperature,
            ).score.cpu()
            for start in range(0, len(rows), CHUNK)
        ]
        return torch.cat(parts).numpy() if parts else np.empty(0, np.float32)

    def words_alone(self, vectors: Vectors) -> bool:
        """Whether nothing is drawn: then one vector a picture is exact."""
        return torch.equal(vectors.sketch, self._model.neutral_sketch)

    def packed(self, vectors: Vectors) -> PackedQuery:
        """A query as the kernel takes it."""
        halves = (vectors.sketch, vectors.query)
        sketch, query = (vector.detach().float().cpu().numpy() for vector in halves)
        return PackedQuery.of(sketch, query, float(self._model.temperature.detach()))

    def rerank(self, vectors: Vectors, rows: np.ndarray, count: int) -> Ranked:
        """The best `count` of the candidates `rows` by their exact scores."""
        return rank(self.gallery, rows, self.scores(vectors, rows), count, self.size)

    def best(self, vectors: Vectors) -> Best:
        """The best picture among no more candidates than a small gallery has."""
        rows = self.candidates(vectors, default_pool(len(self.gallery)))
        scores = self.scores(vectors, rows)
        return Best(int(rows[scores.argmax()]), float(scores.max()))


def rank(
    gallery: Gallery, rows: np.ndarray, scores: np.ndarray, count: int, among: int | None = None
) -> Ranked:
    """The best `count` of `rows` (N,) by (score down, id up).

    Args:
        among: how many pictures the percentiles are of; None for the whole gallery.
    """
    total = len(gallery) if among is None else among
    if scores.size == 0:
        return Ranked(rows, scores, scores, 0.0)
    threshold = np.partition(scores, -min(count, scores.size))[-min(count, scores.size)]
    near = np.flatnonzero(scores >= threshold)  # ids are compared only where they can matter
    ids = dict(zip(near.tolist(), gallery.ids(rows[near]), strict=True))
    best = sorted(near.tolist(), key=lambda i: (-scores[i], ids[i]))[:count]
    ordered = np.sort(scores)
    at_least = scores.size - np.searchsorted(ordered, scores[best], side="left")
    percentiles = 100.0 * (total - at_least) / total
    return Ranked(rows[best], scores[best], percentiles, float(np.median(scores)))


def pool_size(candidates: int | None, count: int, gallery: Gallery, *, exhaustive: bool) -> int:
    """How many pictures to score: `candidates`, or what suits the gallery; at least `count`, at most all.

    Raises:
        SearchError: if `candidates` is not a positive whole number.
    """
    size = len(gallery)
    if exhaustive:
        return size
    if candidates is None:
        candidates = default_pool(size)
    if isinstance(candidates, bool) or not isinstance(candidates, int) or candidates < 1:
        raise SearchError(f"The number of candidates must be a positive whole number, got {candidates!r}")
    return min(max(candidates, count), size)
