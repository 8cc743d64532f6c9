"""Shards that answer in this process, slowly or not at all if they are told so."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from stnet.gallery.cutting import cut_gallery
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import Manifest
from stnet.search.sharding.shard import Shard


class NearShard:
    """A shard of this process. `fails` makes its methods raise; `hangs`, an event, lets them wait."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._shard = folder, Shard.open(folder)
        self._pool = ThreadPoolExecutor(4)
        self.manifest: Manifest = self._shard.manifest()
        self.fails: set[str] = set()
        self.hangs: threading.Event | None = None
        self.asked: list[str] = []

    def ask(self, method: str, *arguments: Any) -> "Future[Any]":
        self.asked.append(method)
        return self._pool.submit(self._answer, method, arguments)

    def _answer(self, method: str, arguments: tuple[Any, ...]) -> Any:
        if self.hangs is not None:
            self.hangs.wait()
        if method in self.fails:
            raise OSError(f"{method} can't be done")
        return getattr(self._shard, method)(*arguments)


def cut(gallery: Path, shards: int, target: Path) -> list[NearShard]:
    """The shards of a gallery, open."""
    opened = Gallery.open(gallery)
    folders = cut_gallery(opened, shards, target)
    opened.close()
    return [NearShard(folder) for folder in folders]
