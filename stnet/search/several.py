"""A query of one drawing, or of several things drawn apart whose places on the paper count, too."""

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import combinations
from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from stnet.gallery.gallery import Gallery
from stnet.model.modeling import STNetModel
from stnet.model.scoring import attend
from stnet.search.encoding import Vectors
from stnet.search.localizing import Places, localize
from stnet.search.ranking import CHUNK, Best, Ranked, Ranker, rank
from stnet.search.things import Thing

# Of the places against the things, in cosine: measured by `benchmarks.several_things`.
PLACING = 0.1


class Asked(Protocol):
    """What a search ranks by. Call all of it in inference mode."""

    @property
    def drawing(self) -> Tensor:
        """h_S of what is drawn, (D,), in full: of several things that of the one with most ink."""

    def candidates(self, ranker: Ranker, size: int) -> np.ndarray:
        """The rows worth scoring, ascending: int64, about `size` for each thing."""

    def rank(self, ranker: Ranker, rows: np.ndarray, count: int) -> Ranked:
        """The best `count` of the candidates `rows`."""

    def bests(self, ranker: Ranker, ranked: Ranked) -> list[Best]:
        """How each drawn thing alone scores on the best picture."""

    def localize(self, model: STNetModel, gallery: Gallery, rows: np.ndarray) -> Places:
        """Where the drawn things are in the pictures of `rows` (K,), K > 0."""


class OneThing(NamedTuple):
    """The paper's query: one drawing, words, or both."""

    vectors: Vectors

    @property
    def drawing(self) -> Tensor:
        return self.vectors.drawing

    def candidates(self, ranker: Ranker, size: int) -> np.ndarray:
        return ranker.candidates(self.vectors, size)

    def rank(self, ranker: Ranker, rows: np.ndarray, count: int) -> Ranked:
        return ranker.rerank(self.vectors, rows, count)

    def bests(self, ranker: Ranker, ranked: Ranked) -> list[Best]:
        return [ranked.best]

    def localize(self, model: STNetModel, gallery: Gallery, rows: np.ndarray) -> Places:
        return localize(model, gallery, self.vectors, rows)


class SeveralThings:
    """Things drawn apart, ours.

    A picture's score is the mean of what each thing scores, plus PLACING times how alike the things lie to
    each other in it and on the paper (`alike`).
    """

    def __init__(self, things: Sequence[Vectors], drawn: Sequence[Thing]) -> None:
        """Two or more things: their vectors, and what they are of on the paper."""
        self._things, self._centres = things, torch.tensor([thing.centre for thing in drawn])
        self._largest = max(range(len(drawn)), key=lambda place: drawn[place].share)

    @property
    def drawing(self) -> Tensor:
        return self._things[self._largest].drawing

    def candidates(self, ranker: Ranker, size: int) -> np.ndarray:
        return reduce(np.union1d, (ranker.candidates(vectors, size) for vectors in self._things))

    def rank(self, ranker: Ranker, rows: np.ndarray, count: int) -> Ranked:
        scores = np.mean([ranker.scores(vectors, rows) for vectors in self._things], axis=0)
        scores += PLACING * self._placing(ranker, rows)
        return rank(ranker.gallery, rows, scores.astype(np.float32), count, ranker.size)

    def bests(self, ranker: Ranker, ranked: Ranked) -> list[Best]:
        row = ranked.best.row
        return [Best(row, float(ranker.scores(vectors, np.array([row]))[0])) for vectors in self._things]

    def localize(self, model: STNetModel, gallery: Gallery, rows: np.ndarray) -> Places:
        found = [localize(model, gallery, vectors, rows) for vectors in self._things]
        boxes = [sum(parts, ()) for parts in zip(*(places.boxes for places in found), strict=True)]
        heatmaps = np.mean([places.heatmaps for places in found], axis=0)
        return Places(boxes, heatmaps, float(heatmaps.max()))

    def _placing(self, ranker: Ranker, rows: np.ndarray) -> np.ndarray:
        """How alike the things lie in the pictures of `rows` and on the paper: -1..1, (N,)"""
        centres = [torch.cat(list(self._found(ranker, vectors, rows))) for vectors in self._things]
        return alike(torch.stack(centres, dim=1), self._centres).cpu().numpy()

    def _found(self, ranker: Ranker, vectors: Vectors, rows: np.ndarray) -> Iterator[Tensor]:
        """Where the thing is in each picture: x, y in 0..1, (n, 2) by chunk."""
        for start in range(0, len(rows), CHUNK):
            patches = ranker.patches(rows[start : start + CHUNK])
            attention = attend(vectors.drawing[None], patches, ranker.temperature)[0]
            yield centre_of(attention, ranker.gallery.manifest.grid)


def centre_of(attention: Tensor, grid: tuple[int, int]) -> Tensor:
    """The middle of what is attended to: (N, rows * columns) -> x, y in 0..1 of the picture, (N, 2)"""
    rows, columns = grid
    # squared as the box head does it: half-hearted patches would pull everything to the middle
    weight = attention.square() / attention.square().sum(-1, keepdim=True)
    down, across = (torch.arange(n, device=attention.device) + 0.5 for n in grid)
    places = torch.stack([(across / columns).repeat(rows), (down / rows).repeat_interleave(columns)], dim=-1)
    return weight @ places


def alike(found: Tensor, drawn: Tensor) -> Tensor:
    """The mean cosine between the ways from thing to thing: found (N, T, 2), drawn (T, 2) -> (N,) in -1..1"""
    pairs = list(combinations(range(len(drawn)), 2))
    cosines = [
        torch.cosine_similarity(
            found[:, second] - found[:, first], (drawn[second] - drawn[first]).to(found.device)[None], dim=-1
        )
        for first, second in pairs
    ]
    return torch.stack(cosines).mean(0)
