"""The score of very many pictures by their few centroids: pictures side by side, eight to an instruction.

A picture's 8 centroids are too few for a sum over them to be worth vector instructions. So the same number of
many pictures lie beside each other, each in a lane of its own, and no lane knows of another.
"""

import math
from typing import NamedTuple

import numpy as np

from stnet.compiling import Compiled
from stnet.model.exponentials import exponentials
from stnet.model.scoring_kernel import Packed, PackedQuery

LANES = 256  # pictures of a block: what is being summed up of them stays in a core's first cache
_GROUP = 4  # centroids, and dimensions, that are taken at a time: sums are read and written less often


class Lanes(NamedTuple):
    """8-bit weighted centroids of pictures in B blocks of L = LANES.

    Attributes:
        levels: int8 (B, K, D, L); K and D are multiples of four.
        scales: float32 (B, K, L), 0 for what is no centroid.
        biases: float32 (B, K, L), log of how many patches each is the mean of; -inf for none.
    """

    levels: np.ndarray
    scales: np.ndarray
    biases: np.ndarray

    def part(self, blocks: slice) -> "Lanes":
        """Some of the blocks; nothing is copied."""
        return Lanes(self.levels[blocks], self.scales[blocks], self.biases[blocks])


def side_by_side(pictures: Packed) -> Lanes:
    """The same centroids (N, K, D) in blocks; the last block's lanes beyond N score 0.

    Raises:
        ValueError: if D is no multiple of four, or there are no biases.
    """
    count, parts, dimension = pictures.levels.shape
    if dimension % _GROUP or pictures.biases.shape != pictures.scales.shape:
        raise ValueError(
            f"expected levels (N, K, D) with D a multiple of {_GROUP} and biases (N, K), got "
            f"{pictures.levels.shape} and {pictures.biases.shape}"
        )
    blocks, rows = -(-count // LANES), -(-parts // _GROUP) * _GROUP
    levels = np.zeros((blocks * LANES, rows, dimension), dtype=np.int8)
    scales = np.zeros((blocks * LANES, rows), dtype=np.float32)
    biases = np.zeros((blocks * LANES, rows), dtype=np.float32)
    levels[:count, :parts], scales[:count, :parts] = pictures.levels, pictures.scales
    biases[:count, :parts], biases[:, parts:] = pictures.biases, -np.inf
    by_block = (of.reshape(blocks, LANES, *of.shape[1:]) for of in (levels, scales, biases))
    return Lanes(*(np.ascontiguousarray(np.moveaxis(of, 1, -1)) for of in by_block))


def score_lanes(query: PackedQuery, pictures: Lanes, scores: np.ndarray) -> None:
    """cos(Q, V) of one query and every lane, on this thread alone and without holding the interpreter.

    Args:
        scores: where to write, float32 (B, L); 0 where V is zero.

    Raises:
        ValueError: if the shapes don't fit.
    """
    blocks, _, dimension, lanes = pictures.levels.shape
    if query.query.shape != (dimension,) or scores.shape != (blocks, lanes):
        raise ValueError(
            f"expected a query ({dimension},) and scores ({blocks}, {lanes}), got {query.query.shape} and "
            f"{scores.shape}"
        )
    _score_lanes(*pictures, *query.owned(), scores)


def _attend(
    levels: np.ndarray, scales: np.ndarray, biases: np.ndarray, sketch: np.ndarray, weights: np.ndarray
) -> None:
    """The attention's logits of one block: `weights` (K, L)."""
    parts, dimension, lanes = levels.shape
    highest = np.full(lanes, -np.inf, np.float32)
    for k in range(parts):
        logits = weights[k]
        logits[:] = 0
        for d in range(0, dimension, 4):
            a, b, c, e = sketch[d], sketch[d + 1], sketch[d + 2], sketch[d + 3]
            row_a, row_b, row_c, row_e = levels[k, d], levels[k, d + 1], levels[k, d + 2], levels[k, d + 3]
            for n in range(lanes):
                logits[n] += (
                    a * np.float32(row_a[n])
                    + b * np.float32(row_b[n])
                    + c * np.float32(row_c[n])
                    + e * np.float32(row_e[n])
                )
        for n in range(lanes):
            logits[n] = logits[n] * scales[k, n] + biases[k, n]
            highest[n] = max(highest[n], logits[n])
    for k in range(parts):
        for n in range(lanes):
            weights[k, n] -= highest[n]


def _score_block(
    levels: np.ndarray, weights: np.ndarray, query: np.ndarray, space: np.ndarray, scores: np.ndarray
) -> None:
    """cos(Q, V) of one block's lanes from their weights (K, L); `space` (3, L) is memory to work in."""
    parts, dimension, lanes = levels.shape
    value, squared, dot = space[0], space[1], space[2]
    squared[:] = 0
    dot[:] = 0
    for d in range(dimension):
        value[:] = 0
        for k in range(0, parts, 4):
            a, b, c, e = weights[k], weights[k + 1], weights[k + 2], weights[k + 3]
            row_a, row_b, row_c, row_e = levels[k, d], levels[k + 1, d], levels[k + 2, d], levels[k + 3, d]
            for n in range(lanes):
                value[n] += (
                    a[n] * np.float32(row_a[n])
                    + b[n] * np.float32(row_b[n])
                    + c[n] * np.float32(row_c[n])
                    + e[n] * np.float32(row_e[n])
                )
        q = query[d]
        for n in range(lanes):
            squared[n] += value[n] * value[n]
            dot[n] += value[n] * q
    for n in range(lanes):
        scores[n] = dot[n] / np.float32(math.sqrt(squared[n])) if squared[n] > 0 else np.float32(0)


def _score_all_lanes(
    levels: np.ndarray,
    scales: np.ndarray,
    biases: np.ndarray,
    sketch: np.ndarray,
    query: np.ndarray,
    scores: np.ndarray,
) -> None:
    blocks, parts, _, lanes = levels.shape
    weights, space = np.empty((parts, lanes), np.float32), np.empty((3, lanes), np.float32)
    powers = np.empty(parts * lanes, np.float32)
    bits, flat = powers.view(np.int32), weights.reshape(-1)
    for b in range(blocks):
        _attend(levels[b], scales[b], biases[b], sketch, weights)
        exponentials(flat, powers, bits)
        for k in range(parts):
            for n in range(lanes):
                weights[k, n] *= scales[b, k, n]
        _score_block(levels[b], weights, query, space, scores[b])


_score_lanes = Compiled(_score_all_lanes, exponentials, _attend, _score_block)
