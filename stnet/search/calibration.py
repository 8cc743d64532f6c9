"""Whether anything in a gallery matches a query closely, measured by what meaningless queries reach in it.

No score means "found" in every gallery: that depends on the model, on the pictures and on the halves of the
query. So a fixed set of meaningless queries (see `nonsense`) is searched too. One half of them says how high
nonsense scores on a picture; a query's distinction is how many standard deviations its best picture's score
lies above that. The other half is searched as if people had asked it, and 95 % of it stay below what a close
match needs. Words alone that name a thing which the model knows need more: see `known_things`.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import PATCHES_NAME
from stnet.model.scoring import attend, score_all_pairs
from stnet.search.encoding import Vectors
from stnet.search.known_things import KnownThings
from stnet.search.nonsense import COUNT, EncodedNonsense, Nonsense
from stnet.search.ranking import Best, Ranker
from stnet.search.results import Match, Mode
from stnet.search.slots import Slots

SHARE_BELOW = 0.95  # of meaningless queries
REFERENCE = COUNT // 2  # the first ones say what nonsense scores, the others how often it looks like a match
MOST_KEPT = 64  # galleries and modes
_LEAST_DEVIATION = 1e-6  # of scores: pictures on which all nonsense scores the same

QUERY_MODES: tuple[Mode, ...] = ("sketch+text", "sketch", "text")
Key = tuple[str, Mode]  # a gallery's seal, and the halves of a query


class Known(NamedTuple):
    """What has been measured so far, as values that another process can be sent.

    Attributes:
        nonsense: the meaningless queries as the model encodes them; None if none was needed yet.
        needed: the distinction that a close match must exceed, by gallery and mode.
    """

    nonsense: EncodedNonsense | None
    needed: Mapping[Key, float]


def distinctions(scores: Tensor, nonsense: Tensor) -> Tensor:
    """Standard deviations by which each score lies above what nonsense scores on the same picture.

    scores (...), nonsense (REFERENCE, ...) -> (...)
    """
    return (scores - nonsense.mean(0)) / nonsense.std(0).clamp_min(_LEAST_DEVIATION)


def needed_distinction(reached: Sequence[float]) -> float:
    """What SHARE_BELOW of meaningless queries don't exceed, from the distinctions that they reached."""
    return float(np.quantile(reached, SHARE_BELOW))


def _key(gallery: Gallery, mode: Mode) -> Key:
    return gallery.manifest.files[PATCHES_NAME].sha256, mode


class Thresholds:
    """What close matches need, by gallery and mode: the last `most` asked for. Threads may share it."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._known: OrderedDict[Key, float] = OrderedDict()
        self._turns: dict[Key, threading.Lock] = {}  # of those who need what isn't known yet
        self._lock = threading.Lock()  # held for moments only, never while anything is measured

    def get(self, key: Key, measure: Callable[[], float]) -> float:
        """The threshold of `key`, measured if it isn't known.

        Who needs one that is being measured waits, rather than measuring it too; who needs another doesn't.
        """
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                if key in self._known:
                    return self._known[key]
            try:
                measured = measure()
                self.keep({key: measured})
                return measured
            finally:
                with self._lock:
                    self._turns.pop(key, None)

    def known(self) -> dict[Key, float]:
        """All that are kept."""
        with self._lock:
            return dict(self._known)

    def keep(self, needed: Mapping[Key, float]) -> None:
        """Keep what was measured elsewhere."""
        with self._lock:
            for key, value in needed.items():
                self._known.setdefault(key, value)
            while len(self._known) > self._most:
                self._known.popitem(last=False)


class Calibration:
    """Judges the matches of one model, in any of its galleries. Threads may share it."""

    def __init__(self, loaded: LoadedModel, slots: Slots) -> None:
        """`slots`: measuring takes one for each meaningless query, so that searches go on in between."""
        self.nonsense = Nonsense(loaded)
        self.things = KnownThings(loaded)
        self._temperature = loaded.model.temperature
        self._device = next(loaded.model.parameters()).device
        self._thresholds = Thresholds()
        self._slots = slots

    def needed(self, ranker: Ranker, mode: Mode) -> float:
        """The distinction that a close match needs; a new gallery or mode is searched for all nonsense first.

        Call it in inference mode, and without holding a slot.
        """
        return self._thresholds.get(_key(ranker.gallery, mode), lambda: self._measure(ranker, mode))

    def keys(self, gallery: Gallery) -> list[Key]:
        """By which the thresholds of a gallery are known, one for each mode of a query."""
        return [_key(gallery, mode) for mode in QUERY_MODES]

    def judge(self, gallery: Gallery, mode: Mode, best: Best, needed: float, text: str = "") -> Match:
        """Compare the best picture of a query with what nonsense reaches. Call it in inference mode.

        Args:
            text: the words of the query: of words alone the picture must show what they name, too.
        """
        distinction = self._distinction(gallery, mode, best)
        close = distinction > needed
        if close and mode == "text":
            close = self.things.shows(torch.from_numpy(gallery.vector(best.row)), text)
        return Match(close, round(distinction, 3), round(needed, 3))

    def known(self) -> Known:
        """What `keep` takes over in another process."""
        return Known(self.nonsense.known, self._thresholds.known())

    def keep(self, known: Known) -> None:
        """Take over what was measured elsewhere with the same model."""
        if known.nonsense is not None:
            self.nonsense.keep(known.nonsense)
        self._thresholds.keep(known.needed)

    def scores(self, gallery: Gallery, mode: Mode, row: int) -> Tensor:
        """What the reference queries score on one picture: (REFERENCE,). Call it in inference mode."""
        vectors = self.nonsense.vectors(mode)
        patches = gallery.patch_features(np.array([row])).to(self._device)
        attention = attend(vectors.sketch[:REFERENCE], patches, self._temperature)
        return score_all_pairs(attention, vectors.query[:REFERENCE], patches)[:, 0]

    def _measure(self, ranker: Ranker, mode: Mode) -> float:
        with self._slots.slot():
            vectors = self.nonsense.vectors(mode)
        reached = []
        for sketch, query in zip(vectors.sketch[REFERENCE:], vectors.query[REFERENCE:], strict=True):
            with self._slots.slot():
                best = ranker.best(Vectors(sketch, query, sketch))
                reached.append(self._distinction(ranker.gallery, mode, best))
        return needed_distinction(reached)

    def _distinction(self, gallery: Gallery, mode: Mode, best: Best) -> float:
        scores = self.scores(gallery, mode, best.row)
        return float(distinctions(torch.tensor(best.score, device=scores.device), scores))
