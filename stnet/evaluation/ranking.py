"""Every query against every picture, and what is read off each ranking; only a chunk of scores is held."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple, TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.encoding import EncodedSuite
from stnet.evaluation.metrics import average_precision, precision, relevance_in_order, target_ranks
from stnet.gallery.clustering import weighted_centroids
from stnet.gallery.gallery import default_pool
from stnet.gallery.vectors import overall_vectors
from stnet.model.modeling import STNetModel
from stnet.model.scoring import attend, score_all_pairs

QUERY_CHUNK = 64
PICTURE_CHUNK = 256  # attention and V of 64 x 256 pairs stay within a core's cache
POOLS = (50, 100, 200, 500)
SHOWN = 10  # results that the candidates must hold

Read = TypeVar("Read", bound="Retrieved")


class ModalityVectors(NamedTuple):
    """h_S, which decides V, and Q of all queries in one modality, (Q, D) each."""

    sketch: Tensor
    query: Tensor


@dataclass(frozen=True, eq=False)
class Retrieved:
    """What was read off Q rankings, whoever ranked.

    Attributes:
        ranks: rank of the target, or of the best of all right pictures, (Q,).
        precision_10, precision_100, average_precision: by category, see metrics, (Q,).
        chance: share of the pictures that are relevant: precision at random, (Q,).
    """

    ranks: np.ndarray
    precision_10: np.ndarray
    precision_100: np.ndarray
    average_precision: np.ndarray
    chance: np.ndarray


@dataclass(frozen=True, eq=False)
class Rankings(Retrieved):
    """What was read off Q rankings of STNET, whose centroids lead to candidates.

    Attributes:
        held: share of the exhaustive top 10 that a pool of candidates holds, (Q, number of pools).
        overstated: by how many points the percentiles of the 10 results from the last pool are too high,
            because what isn't scored counts as worse, (Q,).
    """

    held: np.ndarray
    overstated: np.ndarray


@torch.inference_mode()
def rank(model: STNetModel, encoded: EncodedSuite) -> dict[str, Rankings]:
    """What is read off the rankings of all queries, by modality."""
    relevance, vectors = Relevance(encoded), modality_queries(model, encoded)
    overall = overall_vectors(model, encoded.patches)
    clustered = weighted_centroids(encoded.patches.float().cpu().numpy())
    means = torch.from_numpy(clustered.means).to(overall)
    sizes = torch.from_numpy(clustered.sizes.astype("float32")).to(overall)
    pools = list(pool_sizes(len(encoded.patches)).values())
    parts: dict[str, list[Rankings]] = {name: [] for name in vectors}
    for name, rows, scores in _all_scores(model, encoded, vectors, overall):
        asked = vectors[name]
        query = asked.query[rows]
        candidates = (
            _cosines(query, overall)
            if name == "text"
            else centroid_scores(asked.sketch[rows], query, means, sizes, model.temperature)
        )
        parts[name].append(read_off(scores, candidates, encoded.right(rows), relevance.of(rows), pools))
    return {name: joined(found) for name, found in parts.items()}


@torch.inference_mode()
def modality_queries(model: STNetModel, encoded: EncodedSuite) -> dict[str, ModalityVectors]:
    """h_S and Q = h_T * h_S by modality, as STNetModel.encode_query makes them of either or both halves.

    Raises:
        ValueError: if the queries have neither.
    """
    drawn = ModalityVectors(encoded.sketches, encoded.sketches * encoded.names)
    if encoded.texts is None or encoded.named_texts is None:
        if not encoded.drawn:
            raise ValueError(f"{encoded.name} asks neither by sketches nor by words")
        return {"sketch": drawn}
    neutral = model.neutral_sketch.expand_as(encoded.sketches)
    said = ModalityVectors(neutral, neutral * encoded.texts)
    if not encoded.drawn:
        return {"text": said}
    beside_words = model.beside_words(encoded.sketches)
    both = ModalityVectors(beside_words, beside_words * encoded.named_texts)
    return {"sketch+text": both, "sketch": drawn, "text": said}


class Relevance:
    """Which pictures show a thing of the query's category."""

    def __init__(self, asked: AskedSuite) -> None:
        names = sorted({query.category for query in asked.queries})
        self._number = np.array([names.index(query.category) for query in asked.queries])
        self._asked = asked
        shown = [{thing.category for thing in objects} for objects in asked.objects]
        self._holds = np.array([[name in categories for categories in shown] for name in names])

    def of(self, rows: slice) -> np.ndarray:
        """(chunk, N) bool; what is right counts even where an annotation forgot it."""
        return np.asarray(self._holds[self._number[rows]] | self._asked.right(rows))


def _all_scores(
    model: STNetModel, encoded: EncodedSuite, vectors: Mapping[str, ModalityVectors], overall: Tensor
) -> Iterator[tuple[str, slice, np.ndarray]]:
    """Modality, rows of queries, and their scores against all pictures."""
    drawn = {name: asked for name, asked in vectors.items() if name != "text"}
    for rows, found in score_chunks(drawn, encoded.patches, model.temperature):
        for name, scores in found.items():
            yield name, rows, scores
    if "text" in vectors:  # without a drawing V is the same for all queries: the vector of the index
        said = vectors["text"].query
        for rows in _chunks(len(said)):
            yield "text", rows, _cosines(said[rows], overall)


def _chunks(queries: int) -> Iterator[slice]:
    for start in range(0, queries, QUERY_CHUNK):
        yield slice(start, min(start + QUERY_CHUNK, queries))


def _cosines(queries: Tensor, vectors: Tensor) -> np.ndarray:
    """(q, D), (N, D) of length one -> (q, N)"""
    return (F.normalize(queries, dim=-1, eps=1e-12) @ vectors.T).cpu().numpy()


def centroid_scores(
    sketches: Tensor, queries: Tensor, means: Tensor, sizes: Tensor, temperature: Tensor
) -> np.ndarray:
    """What candidates are chosen by: the score on weighted centroids.

    h_S and Q (q, D) each, centroids (N, K, D) and their sizes (N, K) -> float32 (q, N)
    """
    attention = attend(sketches, means, temperature, sizes)
    return score_all_pairs(attention, queries, means).cpu().numpy()


@torch.inference_mode()
def score_chunks(
    vectors: Mapping[str, ModalityVectors], patches: Tensor, temperature: Tensor
) -> Iterator[tuple[slice, dict[str, np.ndarray]]]:
    """Scores of chunks of queries against all pictures, exactly cos(Q, V) as stnet.model.scoring defines it.

    Args:
        vectors: h_S and Q of as many queries by name.
        patches: H, (N, P, D).

    Yields:
        The rows of the chunk and, by name, float32 (chunk, N).
    """
    for rows in _chunks(max((len(asked.query) for asked in vectors.values()), default=0)):
        yield rows, {name: _scores(asked, rows, patches, temperature) for name, asked in vectors.items()}


def _scores(asked: ModalityVectors, rows: slice, patches: Tensor, temperature: Tensor) -> np.ndarray:
    query, found = F.normalize(asked.query[rows], dim=-1, eps=1e-12), []
    for pictures in patches.split(PICTURE_CHUNK):
        attention = attend(asked.sketch[rows], pictures, temperature).transpose(0, 1)
        localized = F.normalize(attention @ pictures, dim=-1, eps=1e-12)  # V, (n, q, D)
        found.append((localized * query).sum(-1))
    scores: np.ndarray = torch.cat(found).T.cpu().numpy()
    return scores


def read_off(
    scores: np.ndarray, candidates: np.ndarray, right: np.ndarray, relevant: np.ndarray, pools: list[int]
) -> Rankings:
    """All figures of a chunk: scores, what candidates are chosen by, right and relevant, (q, N) each."""
    held, overstated = _candidate_figures(scores, candidates, pools)
    return Rankings(**vars(retrieved(scores, right, relevant)), held=held, overstated=overstated)


def retrieved(scores: np.ndarray, right: np.ndarray, relevant: np.ndarray) -> Retrieved:
    """What the scores of a chunk say alone: scores (q, N), right and relevant (q, N) bool."""
    ordered = relevance_in_order(scores, relevant)
    return Retrieved(
        ranks=target_ranks(scores, right),
        precision_10=precision(ordered, 10),
        precision_100=precision(ordered, 100),
        average_precision=average_precision(ordered, 100),
        chance=relevant.mean(1),
    )


def _candidate_figures(
    scores: np.ndarray, candidates: np.ndarray, pools: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Share of the top 10 in each pool (q, pools); excess of the last pool's percentiles in points (q,)."""
    shown = min(SHOWN, scores.shape[1])
    best = np.argsort(-scores, axis=1, kind="stable")[:, :shown]
    place = np.argsort(np.argsort(-candidates, axis=1, kind="stable"), axis=1, kind="stable")
    best_place = np.take_along_axis(place, best, axis=1)
    held = np.stack([(best_place < pool).mean(1) for pool in pools], axis=1)
    pooled = np.where(place < pools[-1], scores, -np.inf)
    listed = -np.sort(-pooled, axis=1)[:, :shown]  # scores of the results that the pool leads to
    unseen = np.stack(
        [((scores >= value[:, None]) & np.isneginf(pooled)).sum(1) for value in listed.T], axis=1
    )
    return held, 100 * unseen.mean(1) / scores.shape[1]


def joined(parts: Sequence[Read]) -> Read:
    """Chunks in order -> all queries."""
    kind = type(parts[0])
    names = [field.name for field in fields(kind)]
    return kind(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def pool_sizes(pictures: int) -> dict[str, int]:
    """Candidate pools to look at, by name: fixed ones, and last what a search takes unless told otherwise."""
    return {str(pool): pool for pool in POOLS} | {"default": default_pool(pictures)}
