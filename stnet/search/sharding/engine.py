"""SearchEngine over shards: the answer of one machine, or, where shards are missing, that of the others."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stnet.checkpoint import LoadedModel
from stnet.gallery.cutting import check_shards
from stnet.search.engine import SearchEngine
from stnet.search.results import SearchError, SearchResponse
from stnet.search.sharding.asking import RemoteShard, ShardsMissingError
from stnet.search.sharding.gallery import ShardedGallery
from stnet.search.sharding.ranking import ShardedRanker
from stnet.search.slots import Slots

AT_A_TIME = 32  # searches: they wait for shards more than they compute
NOBODY = "None of the machines that hold this gallery answers just now; try again in a moment."
_BETWEEN_PROBES = 0.2  # seconds between questions to a shard that fails at once
_LONGEST_PROBE = 60.0  # seconds that a missing shard may take to answer that it is back


class ShardedEngine(SearchEngine):
    """One model and the shards of one gallery, wherever they are. Threads may search at once.

    A search that loses shards on its way is done again without them, so that an answer is always the exact
    one of the shards that it doesn't name as missing. A shard that gave no answer is left out until it does.
    """

    ranker_type = ShardedRanker

    def __init__(
        self,
        loaded: LoadedModel,
        shards: Sequence[RemoteShard],
        *,
        folder: Path,
        patience: float = 2.0,
        deadline: float = 10.0,
    ) -> None:
        """Join a loaded model and all shards of a gallery.

        Args:
            folder: where the shards lie, for the text of errors.
            patience: seconds that shards may take for one step of a search.
            deadline: seconds until a search ends, whatever its shards do.

        Raises:
            GalleryError: if the gallery belongs to another model, or a shard is not there.
        """
        self._all = sorted(shards, key=lambda shard: shard.manifest.shard)
        check_shards([shard.manifest for shard in self._all], folder)
        self._folder, self._patience, self._deadline = folder, patience, deadline
        super().__init__(loaded, ShardedGallery(self._all, folder, lambda: patience))
        self._slots = Slots(AT_A_TIME)
        self._missing: set[int] = set()
        self._lock = threading.Lock()

    @property
    def missing(self) -> frozenset[int]:
        """The shards that are left out just now."""
        with self._lock:
            return frozenset(self._missing)

    def search(self, *arguments: Any, **options: Any) -> SearchResponse:
        """See `SearchEngine.search`; `SearchResponse.missing` says which shards gave no answer."""
        return self._answer(lambda engine: SearchEngine.search(engine, *arguments, **options))

    def similar(self, *arguments: Any, **options: Any) -> SearchResponse:
        """See `SearchEngine.similar`; `SearchResponse.missing` says which shards gave no answer."""
        return self._answer(lambda engine: SearchEngine.similar(engine, *arguments, **options))

    def calibrate(self, folder: Path | None = None) -> None:
        """See `SearchEngine.calibrate`: with all shards, before the first search.

        Raises:
            ShardsMissingError: if one gives no answer.
        """
        engine = self.on(ShardedGallery(self._all, self._folder, lambda: self._deadline))
        SearchEngine.calibrate(engine, folder)

    def _answer(self, search: Callable[[SearchEngine], SearchResponse]) -> SearchResponse:
        start = time.monotonic()
        end = start + self._deadline
        without = self.missing
        while True:
            present = [shard for shard in self._all if shard.manifest.shard not in without]
            if not present or time.monotonic() >= end:
                raise SearchError(NOBODY)
            gallery = ShardedGallery(
                present, self._folder, lambda: min(self._patience, end - time.monotonic())
            )
            try:
                response = search(self.on(gallery))
            except ShardsMissingError as error:
                without |= error.numbers
                self._leave_out(error.numbers)
            except SearchError as error:
                raise SearchError(f"{error}{_note(without)}") from error
            else:
                total = round((time.monotonic() - start) * 1000, 2)  # with what was tried in vain
                timings = response.timings | {"total": total}
                return replace(response, missing=tuple(sorted(without)), timings=timings)

    def _leave_out(self, numbers: frozenset[int]) -> None:
        with self._lock:
            new = numbers - self._missing
            self._missing |= new
        for shard in self._all:
            if shard.manifest.shard in new:
                threading.Thread(target=self._await, args=(shard,), daemon=True).start()

    def _await(self, shard: RemoteShard) -> None:
        """Take a shard in again as soon as it answers."""
        while True:
            try:
                shard.ask("manifest").result(_LONGEST_PROBE)
            except Exception:  # whatever it is, the shard isn't back
                time.sleep(_BETWEEN_PROBES)
            else:
                break
        with self._lock:
            self._missing.discard(shard.manifest.shard)


def _note(missing: frozenset[int]) -> str:
    """What to say beside a refusal that a missing shard may be the reason for."""
    if not missing:
        return ""
    numbers = ", ".join(map(str, sorted(missing)))
    return f" (Not looked at: shard {numbers}, which gives no answer just now. Try again in a moment.)"
