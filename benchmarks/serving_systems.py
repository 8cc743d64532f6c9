"""The ways to search that `benchmarks.serving` compares: ours, and what people do otherwise.

Each finds the ten best of N pictures for one query on at most `threads` threads, and says how many bytes of
features it has to read for that.
"""

from abc import ABC, abstractmethod
from typing import NamedTuple

import faiss
import numpy as np
import torch

from benchmarks.serving_features import Pictures
from stnet.gallery.gallery import default_pool
from stnet.gallery.patches import dequantize, quantize
from stnet.gallery.sieve import kept, make_sieve
from stnet.model.scoring import score
from stnet.model.scoring_kernel import Packed, PackedQuery
from stnet.search.choosing import choose, highest
from stnet.search.scanning import scan, scan_stored

SHOWN = 10
NAIVE_CHUNK = 256  # pictures that torch scores at a time: all of them at once would take gigabytes
HNSW_LINKS, HNSW_EFFORT = 32, 128
CLUSTER_ROUNDS = 10


class Asked(NamedTuple):
    """One query: h_S and Q, float32 (D,) each, and tau."""

    sketch: np.ndarray
    query: np.ndarray
    temperature: float

    def packed(self) -> PackedQuery:
        """As the kernel takes it."""
        return PackedQuery.of(self.sketch, self.query, self.temperature)


class Searching(ABC):
    """A way to search N pictures. `name` is what the table calls it."""

    name: str

    def __init__(self, pictures: Pictures, threads: int) -> None:
        self.pictures, self.threads = pictures, threads
        patches, dimension = pictures.store.shape
        self.patch_bytes = patches * (dimension + 4)  # of a picture: 8-bit levels and a scale a patch

    @abstractmethod
    def search(self, asked: Asked) -> np.ndarray:
        """Rows of the best SHOWN pictures, best first: int64."""

    @abstractmethod
    def bytes_read(self) -> int:
        """By one query, of features and vectors."""


class Exhaustive(Searching):
    """Ours: the fused kernel over every patch."""

    name = "ours, exhaustive"

    def search(self, asked: Asked) -> np.ndarray:
        rows = np.arange(len(self.pictures))
        return best(scan_stored(asked.packed(), self.pictures.store, rows, self.threads), rows)

    def bytes_read(self) -> int:
        return len(self.pictures) * self.patch_bytes


class TwoStage(Searching):
    """Ours: the fused kernel over centroids, then over the patches of the best."""

    name = "ours, two stages"

    def __init__(self, pictures: Pictures, threads: int, pool: int | None = None) -> None:
        super().__init__(pictures, threads)
        self.pool = min(len(pictures), pool or default_pool(len(pictures)))
        self._packed = pictures.centroids.packed()
        self._sieve = make_sieve(self._packed)

    def candidates(self, asked: Asked) -> np.ndarray:
        """Rows of the pictures that are scored exactly, ascending."""
        if self.pool == len(self.pictures):
            return np.arange(self.pool)
        return choose(asked.packed(), self._packed, self._sieve, self.pool, self.threads).rows

    def search(self, asked: Asked) -> np.ndarray:
        rows = self.candidates(asked)
        return best(scan_stored(asked.packed(), self.pictures.store, rows, self.threads), rows)

    def bytes_read(self) -> int:
        if self.pool == len(self.pictures):
            return self.pool * self.patch_bytes
        centroids = sum(part.nbytes for part in self._packed)
        if self._sieve is not None:
            centroids = centroids * kept(len(self.pictures), self.pool) // len(self.pictures)
            centroids += sum(part.nbytes for part in self._sieve.lanes)
        return centroids + self.pool * self.patch_bytes


class NaiveTorch(Searching):
    """The formula in torch's float32 over every patch, which is how it is written down."""

    name = "torch float32, exhaustive"

    def search(self, asked: Asked) -> np.ndarray:
        sketch, query = torch.from_numpy(asked.sketch), torch.from_numpy(asked.query)
        rows = np.arange(len(self.pictures))
        with torch.inference_mode():
            parts = [
                score(
                    sketch,
                    query,
                    self.pictures.store.read(rows[start : start + NAIVE_CHUNK]),
                    asked.temperature,
                ).score
                for start in range(0, len(rows), NAIVE_CHUNK)
            ]
        return best(torch.cat(parts).numpy(), rows)

    def bytes_read(self) -> int:
        return len(self.pictures) * self.patch_bytes


class Mapped(TwoStage):
    """Our two stages with the candidates' patches gathered from a memory map, which reads ahead in vain."""

    name = "two stages, np.memmap"

    def search(self, asked: Asked) -> np.ndarray:
        store, rows = self.pictures.store, self.candidates(asked)
        levels, scales = (
            np.memmap(path, dtype=kind, mode="r", shape=(len(self.pictures), *shape))
            for path, kind, shape in zip(
                store.paths, ("int8", "<f4"), (store.shape, store.shape[:1]), strict=True
            )
        )
        packed = Packed(np.array(levels[rows]), np.array(scales[rows]))
        return best(scan(asked.packed(), packed, self.threads), rows)


class FaissFlat(Searching):
    """Cosine to one vector a picture: what is common with CLIP. The vector is V for no drawing."""

    name = "faiss Flat, one vector"

    def __init__(self, pictures: Pictures, threads: int) -> None:
        super().__init__(pictures, threads)
        faiss.omp_set_num_threads(threads)
        self._index = self._built(pictures.vectors)

    def _built(self, vectors: np.ndarray) -> faiss.Index:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return index

    def search(self, asked: Asked) -> np.ndarray:
        return np.asarray(self._index.search(asked.query[None], SHOWN)[1][0], dtype=np.int64)

    def bytes_read(self) -> int:
        return self.pictures.vectors.nbytes


class FaissGraph(FaissFlat):
    """The same vectors in an HNSW graph."""

    name = "faiss HNSW, one vector"

    def _built(self, vectors: np.ndarray) -> faiss.Index:
        index = faiss.IndexHNSWFlat(vectors.shape[1], HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efSearch = HNSW_EFFORT
        index.add(vectors)
        return index

    def bytes_read(self) -> int:
        visited = min(len(self.pictures), HNSW_EFFORT * HNSW_LINKS)  # about: neighbours of those it keeps
        return visited * self.pictures.vectors[0].nbytes


class Clusters(Searching):
    """Two levels of k-means, after "ZSE-SBIR with CLIP clusters": the best clusters' pictures alone.

    Clusters are made of the pictures' vectors; the mean of its pictures' patches stands for a cluster and is
    scored as a picture. There are sqrt(N) clusters, and as many are searched as hold about as many pictures
    as our two stages score exactly.
    """

    name = "two-level k-means"

    def __init__(self, pictures: Pictures, threads: int) -> None:
        super().__init__(pictures, threads)
        count = max(1, round(len(pictures) ** 0.5))
        faiss.omp_set_num_threads(threads)
        means = faiss.Kmeans(pictures.vectors.shape[1], count, niter=CLUSTER_ROUNDS, seed=0, spherical=True)
        means.train(pictures.vectors)
        labels = means.index.search(pictures.vectors, 1)[1][:, 0]
        self.members = [rows for number in range(count) if (rows := np.flatnonzero(labels == number)).size]
        representatives = torch.stack([self._mean(rows) for rows in self.members])
        self._packed = Packed(*quantize(representatives))
        self.searched = max(1, round(default_pool(len(pictures)) * len(self.members) / len(pictures)))

    def _mean(self, rows: np.ndarray) -> torch.Tensor:
        total = torch.zeros(self.pictures.store.shape)
        for start in range(0, len(rows), NAIVE_CHUNK):
            packed = self.pictures.store.read_packed(rows[start : start + NAIVE_CHUNK])
            total += dequantize(*packed).sum(0)
        return total / len(rows)

    def search(self, asked: Asked) -> np.ndarray:
        chosen = highest(scan(asked.packed(), self._packed, self.threads), self.searched)
        rows = np.sort(np.concatenate([self.members[number] for number in chosen]))
        return best(scan_stored(asked.packed(), self.pictures.store, rows, self.threads), rows)

    def bytes_read(self) -> int:
        pictures = self.searched * len(self.pictures) / len(self.members)
        return int((len(self.members) + pictures) * self.patch_bytes)


def best(scores: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The SHOWN best of `rows` (N,) by their scores, equal ones by row."""
    return rows[np.argsort(-scores, kind="stable")[:SHOWN]]
