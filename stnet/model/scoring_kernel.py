"""The score on a CPU, straight from 8-bit features: every byte is read once, and nothing as large is made.

The features lie in memory, or in files, of which a few pictures at a time are read into the core's cache. All
is compiled when it is first needed, and kept (see `stnet.compiling`); `warm` does that in good time.
"""

import math
from typing import NamedTuple

import numpy as np

from stnet.compiling import Compiled, pread
from stnet.model.exponentials import exponentials

_NO_BIASES = np.empty((0, 0), dtype=np.float32)
READ_AT_ONCE = 1 << 18  # bytes of features: they stay in a core's second cache


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

    def part(self, rows: slice | np.ndarray) -> "Packed":
        """Some of the pictures; nothing is copied of a slice."""
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

    def owned(self) -> "PackedQuery":
        """The same in memory of its own: for arrays that can't be written to kernels are compiled anew."""
        return PackedQuery(self.sketch.copy(), self.query.copy())


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
    _score(levels, scales, biases, *query.owned(), found)
    return found


def score_files(
    query: PackedQuery, files: tuple[int, int], rows: np.ndarray, patches: int, scores: np.ndarray
) -> int:
    """The same of pictures that lie in two files as `Packed` has them, without biases.

    Args:
        files: descriptors of levels (N, P, D) and scales (N, P).
        rows: of the pictures to score, int64 (M,), ascending.
        patches: P.
        scores: where to write, float32 (M,).

    Returns:
        how many of `rows` are done: M, or less if the next one can't be read.
    """
    dimension = len(query.query)
    together = max(1, min(len(rows), READ_AT_ONCE // (patches * dimension)))
    levels = np.empty((together, patches, dimension), dtype=np.int8)
    scales = np.empty((together, patches), dtype=np.float32)
    contents = levels.reshape(-1).view(np.uint8), scales.reshape(-1).view(np.uint8)
    done = np.zeros(1, dtype=np.int64)
    _score_files(*files, rows.copy(), levels, scales, *contents, *query.owned(), scores, done)
    return int(done[0])


def warm() -> None:
    """Compile the kernels, which takes seconds, or load what an earlier process compiled."""
    query, scores = PackedQuery.of(np.ones(1), np.ones(1), 1.0), np.empty(1, np.float32)
    score_packed(query, Packed(np.ones((1, 1, 1), np.int8), np.ones((1, 1), np.float32)), scores)
    score_files(query, (-1, -1), np.zeros(1, np.int64), 1, scores)  # no file: nothing is read


def _score_picture(
    n: int,
    levels: np.ndarray,
    scales: np.ndarray,
    biases: np.ndarray,
    sketch: np.ndarray,
    query: np.ndarray,
    space: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> np.float32:
    """Of picture n; `space` is memory to work in."""
    weights, powers, bits, localized = space
    _, patches, dimension = levels.shape
    highest = np.float32(-np.inf)
    for p in range(patches):
        row = levels[n, p]
        logit = np.float32(0)
        for d in range(dimension):
            logit += np.float32(row[d]) * sketch[d]
        logit *= scales[n, p]
        if biases.shape[0] > 0:
            logit += biases[n, p]
        weights[p] = logit
        highest = max(highest, logit)
    for p in range(patches):
        weights[p] -= highest
    exponentials(weights, powers, bits)
    for p in range(patches):
        weights[p] *= scales[n, p]
    localized[:] = 0
    whole = patches // 4 * 4
    for p in range(0, whole, 4):  # four at a time: V is read and written a quarter as often
        a, b, c, e = weights[p], weights[p + 1], weights[p + 2], weights[p + 3]
        row_a, row_b, row_c, row_e = levels[n, p], levels[n, p + 1], levels[n, p + 2], levels[n, p + 3]
        for d in range(dimension):
            localized[d] += (
                a * np.float32(row_a[d])
                + b * np.float32(row_b[d])
                + c * np.float32(row_c[d])
                + e * np.float32(row_e[d])
            )
    for p in range(whole, patches):
        a, row_a = weights[p], levels[n, p]
        for d in range(dimension):
            localized[d] += a * np.float32(row_a[d])
    squared, dot = np.float32(0), np.float32(0)
    for d in range(dimension):
        squared += localized[d] * localized[d]
        dot += localized[d] * query[d]
    return dot / np.float32(math.sqrt(squared)) if squared > 0 else np.float32(0)


def _space(patches: int, dimension: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Weights (P,), memory for `exponentials`, and V (D,)."""
    powers = np.empty(patches, np.float32)
    return np.empty(patches, np.float32), powers, powers.view(np.int32), np.empty(dimension, np.float32)


def _score_pictures(
    levels: np.ndarray,
    scales: np.ndarray,
    biases: np.ndarray,
    sketch: np.ndarray,
    query: np.ndarray,
    scores: np.ndarray,
) -> None:
    pictures, patches, dimension = levels.shape
    space = _space(patches, dimension)
    for n in range(pictures):
        scores[n] = _score_picture(n, levels, scales, biases, sketch, query, space)


def _read(descriptor: int, content: np.ndarray, size: int, offset: int) -> bool:
    """Fill the first `size` bytes of `content`; False if the file hasn't so many, or can't be read."""
    got = 0
    while got < size:
        more = pread(descriptor, content[got:].ctypes, size - got, offset + got)
        if more <= 0:
            return False
        got += more
    return True


def _score_read_pictures(
    levels_file: int,
    scales_file: int,
    rows: np.ndarray,
    levels: np.ndarray,
    scales: np.ndarray,
    levels_content: np.ndarray,
    scales_content: np.ndarray,
    sketch: np.ndarray,
    query: np.ndarray,
    scores: np.ndarray,
    done: np.ndarray,
) -> None:
    """`levels` and `scales` have place for some pictures, and their contents are the same bytes."""
    together, patches, dimension = levels.shape
    space = _space(patches, dimension)
    biases = np.empty((0, 0), np.float32)
    start = 0
    while start < rows.shape[0]:
        run = 1  # neighbours are read at once
        while run < together and start + run < rows.shape[0] and rows[start + run] == rows[start] + run:
            run += 1
        size = patches * dimension
        if not _read(levels_file, levels_content, run * size, rows[start] * size):
            return
        if not _read(scales_file, scales_content, run * patches * 4, rows[start] * patches * 4):
            return
        for n in range(run):
            scores[start + n] = _score_picture(n, levels, scales, biases, sketch, query, space)
        start += run
        done[0] = start


_score = Compiled(_score_pictures, exponentials, _space, _score_picture)
_score_files = Compiled(_score_read_pictures, exponentials, _space, _score_picture, _read)
