"""The shards of one build: which of them are finished and still true, and so needn't be made again."""

import json
import logging
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from index_builder.placing import Placed
from index_builder.preparing import Skipped
from index_builder.shards import SEAL_NAME, ShardSeal, entries_digest, read_seal
from stnet.gallery.manifest import GalleryError

_PLAN_NAME = "plan.json"
_LOGGER = logging.getLogger(__name__)


class Shards:
    """A folder of shards that are made alike."""

    def __init__(self, folder: Path, plan: Mapping[str, Any]) -> None:
        """Keep what is there, if it was made alike; else begin anew.

        Args:
            folder: whose lock the caller holds.
            plan: what the content of a shard depends on besides its entries, as JSON.
        """
        self._folder = folder
        self.seals: dict[int, ShardSeal] = {}
        text = json.dumps(plan, sort_keys=True)
        alike = _reads(folder / _PLAN_NAME, text)
        if folder.is_dir() and not alike:
            _LOGGER.info("what a build left was made with another model or other options: begin anew")
            self.remove()
        if not alike:
            folder.mkdir()
            (folder / _PLAN_NAME).write_text(text)
        for number in self._numbers():
            try:
                self.seals[number] = read_seal(self.folder(number))
            except GalleryError as error:
                if (self.folder(number) / SEAL_NAME).exists():  # else it was just not finished
                    _LOGGER.info("%s: make it again", error)
                self._drop(number)

    def folder(self, number: int) -> Path:
        """Of one shard, which need not be there yet."""
        return self._folder / f"{number:06d}"

    def ordered(self) -> list[tuple[int, ShardSeal]]:
        """The finished ones by their numbers."""
        return sorted(self.seals.items())

    @property
    def rows(self) -> int:
        """Pictures in the finished ones."""
        return sum(seal.rows for seal in self.seals.values())

    @property
    def skipped(self) -> list[Skipped]:
        """Entries of the finished ones that became no pictures."""
        return [item for _, seal in self.ordered() for item in seal.skipped]

    def keep(self, placed: Iterable[Placed]) -> None:
        """Compare the shards with the entries as they are now; those of other entries are removed."""
        if self.seals:
            known = _digests(placed, max(self.seals))
            changed = [number for number, seal in self.seals.items() if known.get(number) != seal.digest]
            for number in changed:
                self._drop(number)
            if changed:
                _LOGGER.info("the pictures of %d finished shards have changed: make them again", len(changed))
        if self.seals:
            _LOGGER.info(
                "kept %d finished shards (%d pictures) of a build that was cut off",
                len(self.seals),
                self.rows,
            )

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Removed at the end, unless an interruption or the disk ends the work: the next goes on there."""
        try:
            yield
        except (KeyboardInterrupt, OSError):
            raise
        except BaseException:
            with suppress(OSError):
                self.remove()
            raise
        self.remove()

    def remove(self) -> None:
        """All of them, and the folder."""
        shutil.rmtree(self._folder)

    def _numbers(self) -> list[int]:
        return sorted(int(path.name) for path in self._folder.iterdir() if path.name.isdigit())

    def _drop(self, number: int) -> None:
        self.seals.pop(number, None)
        shutil.rmtree(self.folder(number))


def _reads(path: Path, text: str) -> bool:
    try:
        return path.read_text() == text
    except (OSError, UnicodeDecodeError):
        return False


def _digests(placed: Iterable[Placed], last: int) -> dict[int, str]:
    """Of the shards up to `last`, from the entries alone."""
    digests = {}
    for number, group in groupby(_up_to(placed, last), key=lambda item: item.shard):
        digests[number] = entries_digest(item.entry for item in group)
    return digests


def _up_to(placed: Iterable[Placed], last: int) -> Iterator[Placed]:
    for item in placed:
        if item.shard > last:
            return
        yield item
