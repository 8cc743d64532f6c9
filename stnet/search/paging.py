"""Pages of an answer: one order of the whole gallery, of which a search gives any part."""

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from stnet.search.ranking import Ranked, Ranker
from stnet.search.several import Asked
from stnet.search.timing import Stopwatch


class Part(NamedTuple):
    """`length` places of an order, fewer at its end, after the first `offset`."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        """The place after the last."""
        return self.offset + self.length


def page_of(
    asked: Asked, ranker: Ranker, pool: int, part: Part, away: np.ndarray, watch: Stopwatch
) -> Ranked:
    """A part of a query's order of all that are ranked but the rows `away`. Call it in inference mode.

    The first `pool` candidates come by their exact scores, after them the next `pool` by theirs, and so on.
    So no page depends on those before it, and the first one is what a search without an offset finds.
    """
    parts: list[Ranked] = []

    def first_stage(blocks: int) -> np.ndarray:
        with watch.step("candidates"):
            return np.setdiff1d(asked.candidates(ranker, min(blocks * pool, ranker.size)), away)

    blocks = _blocks_before(part.offset, pool, ranker.size, first_stage)
    seen = first_stage(blocks) if blocks else np.empty(0, np.int64)
    while len(seen) < part.end and blocks * pool < ranker.size:
        blocks += 1
        rows = np.setdiff1d(first_stage(blocks), seen)
        before, seen = len(seen), np.union1d(seen, rows)
        if part.offset < len(seen):
            with watch.step("rerank"):
                block = asked.rank(ranker, rows, part.end - before)
            parts.append(block.after(max(0, part.offset - before), behind=before / ranker.size))
    return _joined(parts, part.offset)


def _blocks_before(offset: int, pool: int, size: int, first_stage: Callable[[int], np.ndarray]) -> int:
    """How many whole blocks of the order end before an offset, whatever several things make of a block."""
    if offset < pool:
        return 0  # most pages: nothing needs to be looked at
    numbers = range(-(-size // pool) + 1)
    return bisect_right(numbers, offset, key=lambda blocks: len(first_stage(blocks)) if blocks else 0) - 1


def _joined(parts: list[Ranked], offset: int) -> Ranked:
    if not parts:
        nothing = np.empty(0, np.float32)
        return Ranked(np.empty(0, np.int64), nothing, nothing, 0.0, offset)
    rows = np.concatenate([part.rows for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    percentiles = np.concatenate([part.percentiles for part in parts])
    return Ranked(rows, scores, percentiles, parts[0].middle, offset)
