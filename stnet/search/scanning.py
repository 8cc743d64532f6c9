"""Scores of many pictures on several threads: of what lies in memory, and of what is read meanwhile."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np
import torch

from stnet.gallery.patches import PatchStore
from stnet.model.lane_kernel import Lanes, score_lanes
from stnet.model.scoring_kernel import Packed, PackedQuery, score_packed

TURNS = 8  # that a thread takes on an idle machine: on a busy one the faster take more
LEAST = 32  # pictures that are worth a turn
READERS = 4  # at a time; they wait for the disk, not for a core, when pictures lie apart


def scanners() -> int:
    """Threads for one scan: two where there are two cores, or as many as torch may take if those are more.

    They never wait for each other: one more costs other searches its share of a core and nothing besides.
    """
    return max(min(2, os.cpu_count() or 1), torch.get_num_threads())


def scan(query: PackedQuery, pictures: Packed, threads: int, rows: np.ndarray | None = None) -> np.ndarray:
    """Scores of pictures in memory: float32 (N,), the same for any number of threads.

    Args:
        rows: of those to score, int64 (N,); None for all.
    """
    scores = np.empty(len(pictures.levels) if rows is None else len(rows), dtype=np.float32)

    def score(part: slice) -> None:
        score_packed(query, pictures.part(part if rows is None else rows[part]), scores[part])

    _by_turns(len(scores), score, threads)
    return scores


def scan_lanes(query: PackedQuery, pictures: Lanes, threads: int) -> np.ndarray:
    """Scores of all lanes, float32 (N,): those of the last block may be of no picture."""
    scores = np.empty((pictures.levels.shape[0], pictures.levels.shape[-1]), dtype=np.float32)

    def score(blocks: slice) -> None:
        score_lanes(query, pictures.part(blocks), scores[blocks])

    _by_turns(len(scores), score, threads)
    return scores.reshape(-1)


def scan_stored(query: PackedQuery, store: PatchStore, rows: np.ndarray, threads: int) -> np.ndarray:
    """Scores of the pictures of `rows` by all their patches, read from their files a few at a time.

    Args:
        rows: int64 (N,), ascending, each once.
        threads: that compute at a time where neighbours are read; pictures that lie apart have READERS.

    Returns:
        float32 (N,), the same for any number of threads.

    Raises:
        GalleryError: if a file has become shorter.
    """
    scores = np.empty(len(rows), dtype=np.float32)

    def score(part: slice) -> None:
        store.score(query, rows[part], scores[part])

    apart = len(rows) > 0 and rows[-1] - rows[0] >= 2 * len(rows)
    _by_turns(len(rows), score, READERS if apart else threads)
    return scores


def _by_turns(total: int, work: Callable[[slice], None], threads: int) -> None:
    """Let threads take the slices that make up 0..total.

    An error ends its thread and is raised when the others have taken what is left.
    """
    size = max(LEAST, -(-total // (TURNS * threads)))
    numbers, turns = count(), -(-total // size)

    def take() -> None:
        while (number := next(numbers)) < turns:
            work(slice(number * size, min((number + 1) * size, total)))

    if min(threads, turns) < 2:
        take()
        return
    # threads of this call alone: they start in a fraction of a millisecond, and a forked process has none of
    # its parent's
    with ThreadPoolExecutor(min(threads, turns)) as pool:
        for done in [pool.submit(take) for _ in range(min(threads, turns))]:
            done.result()
