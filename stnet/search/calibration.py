"""Whether anything in a gallery matches a query closely, measured by what meaningless queries reach in it.

No score means "found" in every gallery: that depends on the model, on the pictures and on the halves of the
query. So a fixed set of meaningless queries (see `nonsense`) is searched too. One half of them says how high
nonsense scores on a picture; a query's distinction is how many standard deviations its best picture's score
lies above that. The other half is searched as if people had asked it, and 95 % of it stay below what a close
match needs.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import PATCHES_NAME
from stnet.model.scoring import attend, score_all_pairs
from stnet.search.encoding import Vectors
from stnet.search.nonsense import COUNT, Nonsense
from stnet.search.results import Match, Mode

SHARE_BELOW = 0.95  # of meaningless queries
REFERENCE = COUNT // 2  # the first ones say what nonsense scores, the others how often it looks like a match
_KEPT = 64  # galleries and modes
_LEAST_DEVIATION = 1e-6  # of scores: pictures on which all nonsense scores the same


@dataclass(frozen=True)
class Best:
    """The row and the score of the best picture for one query."""

    row: int
    score: float


FindBest = Callable[[Vectors], Best]


def distinctions(scores: Tensor, nonsense: Tensor) -> Tensor:
    """Standard deviations by which each score lies above what nonsense scores on the same picture.

    scores (...), nonsense (REFERENCE, ...) -> (...)
    """
    return (scores - nonsense.mean(0)) / nonsense.std(0).clamp_min(_LEAST_DEVIATION)


def needed_distinction(reached: Sequence[float]) -> float:
    """What SHARE_BELOW of meaningless queries don't exceed, from the distinctions that they reached."""
    return float(np.quantile(reached, SHARE_BELOW))


class MatchJudge:
    """Judges the matches of one model, in any of its galleries. Threads may share it."""

    def __init__(self, loaded: LoadedModel) -> None:
        self._nonsense = Nonsense(loaded)
        self._temperature = loaded.model.temperature
        self._device = next(loaded.model.parameters()).device
        self._needed: OrderedDict[tuple[str, Mode], float] = OrderedDict()
        self._lock = threading.Lock()

    def judge(self, gallery: Gallery, mode: Mode, best: Best, find_best: FindBest) -> Match:
        """Compare the best picture of a query with what nonsense reaches. Call it in inference mode.

        Args:
            find_best: searches the same gallery for other vectors; called when a gallery or mode is new.
        """
        needed = self._needed_in(gallery, mode, find_best)
        distinction = self._distinction(gallery, mode, best)
        return Match(distinction > needed, round(distinction, 3), round(needed, 3))

    def _needed_in(self, gallery: Gallery, mode: Mode, find_best: FindBest) -> float:
        key = (gallery.manifest.files[PATCHES_NAME].sha256, mode)
        with self._lock:  # who comes while it is measured waits, rather than measuring it too
            if key not in self._needed:
                vectors = self._nonsense.vectors(mode)
                asked = zip(vectors.sketch[REFERENCE:], vectors.query[REFERENCE:], strict=True)
                found = [find_best(Vectors(sketch, query)) for sketch, query in asked]
                reached = [self._distinction(gallery, mode, best) for best in found]
                self._needed[key] = needed_distinction(reached)
                if len(self._needed) > _KEPT:
                    self._needed.popitem(last=False)
            self._needed.move_to_end(key)
            return self._needed[key]

    def _distinction(self, gallery: Gallery, mode: Mode, best: Best) -> float:
        scores = self._nonsense_scores(gallery, mode, best.row)
        return float(distinctions(torch.tensor(best.score, device=scores.device), scores))

    def _nonsense_scores(self, gallery: Gallery, mode: Mode, row: int) -> Tensor:
        """What the reference queries score on one picture: (REFERENCE,)"""
        vectors = self._nonsense.vectors(mode)
        patches = gallery.patch_features(np.array([row])).to(self._device)
        attention = attend(vectors.sketch[:REFERENCE], patches, self._temperature)
        with torch.inference_mode():
            return score_all_pairs(attention, vectors.query[:REFERENCE], patches)[:, 0]
