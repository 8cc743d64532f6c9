"""Scores of many pictures on several threads: of what lies in memory, and of what is read meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np

from stnet.gallery.patches import PatchStore
from stnet.model.scoring_kernel import Packed, PackedQuery, score_packed

BLOCK = 1 << 20  # bytes that a thread scores at a time: what it has just read is still in its core's cache
READERS = 4  # at a time; they wait for the disk, not for a core, when pictures lie apart


def scan(query: PackedQuery, pictures: Packed, threads: int) -> np.ndarray:
    """Scores of all pictures in memory: float32 (N,), the same for any number of threads."""
    scores = np.empty(len(pictures.levels), dtype=np.float32)

    def score(rows: slice) -> None:
        score_packed(query, pictures.part(rows), scores[rows])

    _in_blocks(len(scores), _pictures_a_block(pictures.levels.shape[1:]), lambda: score, threads)
    return scores


def scan_stored(query: PackedQuery, store: PatchStore, rows: np.ndarray, threads: int) -> np.ndarray:
    """Scores of the pictures of `rows` by all their patches, read from their files in blocks.

    Args:
        rows: int64 (N,), ascending, each once.
        threads: that compute at a time where neighbours are read; pictures that lie apart have READERS.

    Returns:
        float32 (N,), the same for any number of threads.

    Raises:
        GalleryError: if a file has become shorter.
    """
    scores = np.empty(len(rows), dtype=np.float32)
    block = min(len(rows), _pictures_a_block(store.shape))

    def worker() -> Callable[[slice], None]:
        space = store.space(block)  # one for all blocks of a thread: it stays in the core's cache

        def score(part: slice) -> None:
            score_packed(query, Packed(*store.read_packed(rows[part], space)), scores[part])

        return score

    apart = len(rows) > 0 and rows[-1] - rows[0] >= 2 * len(rows)
    _in_blocks(len(rows), block, worker, READERS if apart else threads)
    return scores


def _pictures_a_block(shape: tuple[int, ...]) -> int:
    return max(1, BLOCK // int(np.prod(shape)))


def _in_blocks(total: int, block: int, worker: Callable[[], Callable[[slice], None]], threads: int) -> None:
    """Let threads, each with a worker of its own, take the slices that make up 0..total.

    An error ends its thread and is raised when the others have taken what is left.
    """
    if total == 0:
        return
    numbers, blocks = count(), -(-total // block)

    def take() -> None:
        work = worker()
        while (number := next(numbers)) < blocks:
            work(slice(number * block, min((number + 1) * block, total)))

    if min(threads, blocks) < 2:
        take()
        return
    # threads of this call alone: they start in a fraction of a millisecond, and a forked process has none of
    # its parent's
    with ThreadPoolExecutor(min(threads, blocks)) as pool:
        for done in [pool.submit(take) for _ in range(min(threads, blocks))]:
            done.result()
