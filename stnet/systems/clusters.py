"""Search in two levels, after "ZSE-SBIR with CLIP clusters": clusters first, then the best ones' pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import torch
from sklearn.cluster import KMeans
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.systems.interface import Modality, Options, Queries, System, refuse_unknown
from stnet.systems.stnet import STNetSystem
from stnet.systems.towers import overall_index

ROUNDS = 3  # k-means from so many beginnings; the tightest is kept
NUMBERS = ("clusters", "searched", "seed")
NOT_SEARCHED = -2.0  # below every cosine


@dataclass(frozen=True)
class ClusteredPictures:
    """A gallery in C clusters.

    Attributes:
        stored: features of the N pictures, as the inner system searches them, (N, P, D).
        centres: of each cluster the mean of its pictures' features, (C, P, D).
        members: rows of each cluster's pictures, C arrays; none is empty.
    """

    stored: Tensor
    centres: Tensor
    members: list[Tensor]


def cluster_numbers(options: Options) -> dict[str, int]:
    """The fields `clusters`, `searched` and `seed` (0).

    Raises:
        ValueError: if one isn't a whole number, or more clusters would be searched than there are.
    """
    numbers: dict[str, int] = {}
    for name, least, default in (("clusters", 1, None), ("searched", 1, None), ("seed", 0, 0)):
        value = options.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"{name} must be a whole number from {least}, got {value!r}")
        numbers[name] = value
    if numbers["searched"] > numbers["clusters"]:
        raise ValueError(
            f"searched can't be more than clusters ({numbers['clusters']}), got {numbers['searched']}"
        )
    return numbers


class ClusterSearch(System):
    """STNET's own score, of clusters first and then of the pictures of the best clusters alone.

    As in the document: k-means over one global vector a picture (there CLIP's, here STNET's vector of the
    whole picture); a cluster is represented by the mean of its pictures' local features, and scored by the
    same network as a picture. What isn't searched is not found: it comes last, all alike.
    """

    asks: ClassVar[tuple[Modality, ...]] = STNetSystem.asks
    searches_galleries: ClassVar[bool] = True

    def __init__(self, inner: System, clusters: int, searched: int, seed: int) -> None:
        """`clusters`: how many at most; `searched`: of how many the pictures are scored."""
        self.inner, self.clusters, self.searched, self.seed = inner, clusters, searched, seed
        self.encoder, self.processor, self.parameters = inner.encoder, inner.processor, inner.parameters

    @classmethod
    def build(cls, loaded: LoadedModel, options: Options) -> Self:
        """Fields: `clusters`, `searched`, and `seed` (0) of the k-means, whole numbers."""
        refuse_unknown(options, NUMBERS)
        return cls(STNetSystem(loaded.model, loaded.processor), **cluster_numbers(options))

    def vectors(self, searched: Tensor) -> Tensor:
        """What is clustered: one vector a picture, of what the inner system searches. (N, P, D) -> (N, D)"""
        assert isinstance(self.inner, STNetSystem)
        return overall_index(self.inner.model, searched)

    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        return self.inner.queries(sketches, texts)

    def index(self, stored: Tensor) -> ClusteredPictures:
        """Cluster a gallery's stored features. Of fewer pictures than clusters each is a cluster."""
        searched: Tensor = self.inner.index(stored)
        vectors = self.vectors(searched).cpu().numpy()
        means = KMeans(min(self.clusters, len(vectors)), n_init=ROUNDS, random_state=self.seed)
        label = means.fit(vectors).labels_
        members = [torch.from_numpy(np.flatnonzero(label == number)) for number in np.unique(label)]
        centres = torch.stack([searched[rows].mean(0) for rows in members])
        return ClusteredPictures(searched, centres, members)

    def scores(self, queries: Queries, index: ClusteredPictures) -> Tensor:
        by_cluster = self.inner.scores(queries, index.centres)
        best = by_cluster.topk(min(self.searched, len(index.members)), dim=-1).indices
        found = by_cluster.new_full((len(by_cluster), len(index.stored)), NOT_SEARCHED)
        for row, clusters in enumerate(best.tolist()):
            chosen = torch.cat([index.members[cluster] for cluster in clusters])
            one = {name: value[row : row + 1] for name, value in queries.items()}
            found[row, chosen] = self.inner.scores(one, index.stored[chosen])[0]
        return found
