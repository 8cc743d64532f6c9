"""A gallery that lies in shards: to a search it is one gallery, the same one as before it was cut."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import PATCHES_NAME, FileSeal, GalleryError
from stnet.gallery.patches import Stored, dequantize
from stnet.search.sharding.asking import Question, RemoteShard, ask_all
from stnet.search.sharding.shard import Found, Record


class ShardedGallery(Gallery):
    """The pictures of some shards for one search, which keeps what it has fetched of them.

    Not for two searches, nor for two threads. Every method that asks shards raises ShardsMissingError if one
    gives no answer.
    """

    is_here = False

    def __init__(self, shards: Sequence[RemoteShard], folder: Path, patience: Callable[[], float]) -> None:
        """Take shards of one gallery, in their order; not all of them need be there.

        Args:
            folder: where the whole lies, for the text of errors.
            patience: seconds that the next step may wait for the shards.
        """
        self.folder = folder
        self.shards = list(shards)
        first = self.shards[0].manifest
        rows = sum(shard.manifest.rows for shard in self.shards)
        # a close match needs as much as in the whole
        self.manifest = replace(first, rows=rows, files={PATCHES_NAME: FileSeal(0, first.whole)})
        self._starts = np.array([shard.manifest.first_row for shard in self.shards])
        self._patience = patience
        self._records: dict[int, Record] = {}

    def close(self) -> None:
        """Nothing is open here."""

    @property
    def rows(self) -> np.ndarray:
        """The rows of all pictures that are there, ascending: int64 (N,)"""
        spans = [(shard.manifest.first_row, shard.manifest.rows) for shard in self.shards]
        return np.concatenate([np.arange(first, first + count) for first, count in spans])

    def ask(self, method: str, *arguments: Any) -> list[Any]:
        """Ask every shard the same."""
        return ask_all([Question(shard, method, arguments) for shard in self.shards], self._patience())

    def ask_about(self, method: str, rows: np.ndarray, *arguments: Any) -> list[Any]:
        """Ask each shard that has some of `rows` (N,) about these, the last argument of the method.

        The rows ascend, so the answers together are in their order. A shard that has nothing else to say is
        asked with None for all of its rows.
        """
        owners = np.searchsorted(self._starts, rows, side="right") - 1
        questions = []
        for owner in np.unique(owners):
            shard, part = self.shards[owner], rows[owners == owner]
            whole = method == "scores" and len(part) == shard.manifest.rows
            questions.append(Question(shard, method, (*arguments, None if whole else part)))
        return ask_all(questions, self._patience())

    def fetch(self, rows: np.ndarray) -> list[Record]:
        """All that is known of pictures, in the order of `rows` (N,)."""
        wanted = np.unique([row for row in rows.tolist() if row not in self._records]).astype(np.int64)
        if wanted.size:
            for records in self.ask_about("records", wanted):
                self._records |= {record.row: record for record in records}
        return [self._records[row] for row in rows.tolist()]

    def id(self, row: int) -> str:
        return self._one(row).id

    def ids(self, rows: np.ndarray) -> list[str]:
        return [record.id for record in self.fetch(rows)]

    def has(self, id: str) -> bool:
        return any(id in found for found in self.ask("find", [id]))

    def row(self, id: str) -> int:
        for found in self.ask("find", [id]) if isinstance(id, str) else []:
            if id in found:
                return int(found[id])
        raise GalleryError(f"No picture of the gallery {self.name!r} has the id {str(id)[:200]!r}")

    def size(self, row: int) -> tuple[int, int]:
        return self._one(row).size

    def metadata(self, row: int) -> dict[str, Any]:
        return self._one(row).metadata

    def picture_bytes(self, row: int) -> bytes:
        return self._one(row).picture

    def patch_features(self, rows: np.ndarray) -> Tensor:
        features = [record.features for record in self.fetch(rows)]
        stored = Stored(*(np.concatenate(parts) for parts in zip(*features, strict=True)))
        return dequantize(*stored)

    def vector(self, row: int) -> np.ndarray:
        return self._one(row).vector

    def nearest(self, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        found: list[Found] = self.ask("nearest", vector, count)
        rows, cosines = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((rows, -cosines))[:count]
        return rows[order], cosines[order]

    def _one(self, row: int) -> Record:
        return self.fetch(np.array([row]))[0]
