"""Pages of an answer: one order of the whole gallery, of which a search gives any part."""

from typing import NamedTuple

import numpy as np

from stnet.search.ranking import Ranked, Ranker
from stnet.search.several import Asked
from stnet.search.timing import Stopwatch


class Part(NamedTuple):
    """`count` places of an order, fewer at its end, after the first `offset`."""

    offset: int
    count: int

    @property
    def end(self) -> int:
        """The place after the last."""
        return self.offset + self.count


def page_of(
    asked: Asked, ranker: Ranker, pool: int, part: Part, away: np.ndarray, watch: Stopwatch
) -> Ranked:
    """A part of a query's order of all pictures but those of the rows `away`. Call it in inference mode.

    The first `pool` candidates come by their exact scores, after them the next `pool` by theirs, and so on.
    So no page depends on those before it, and the first one is what a search without an offset finds.
    """
    gallery = len(ranker.gallery)
    blocks: list[Ranked] = []
    seen, size = np.empty(0, np.int64), 0
    while len(seen) < part.end and size < gallery:
        size = min(size + pool, gallery)
        with watch.step("candidates"):
            rows = np.setdiff1d(asked.candidates(ranker, size), np.union1d(seen, away))
        before, seen = len(seen), np.union1d(seen, rows)
        if part.offset < len(seen):
            with watch.step("rerank"):
                block = asked.rank(ranker, rows, part.end - before)
            blocks.append(block.after(max(0, part.offset - before), behind=before / gallery))
    return _joined(blocks, part.offset)


def _joined(blocks: list[Ranked], offset: int) -> Ranked:
    if not blocks:
        nothing = np.empty(0, np.float32)
        return Ranked(np.empty(0, np.int64), nothing, nothing, 0.0, offset)
    rows = np.concatenate([block.rows for block in blocks])
    scores = np.concatenate([block.scores for block in blocks])
    percentiles = np.concatenate([block.percentiles for block in blocks])
    return Ranked(rows, scores, percentiles, blocks[0].middle, offset)
