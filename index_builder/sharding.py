"""Making shards: while a batch is encoded, threads prepare the next pictures and write the last batch."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from PIL import Image

from index_builder.behind import Behind
from index_builder.placing import Placed, placed_entries
from index_builder.preparing import Prepared, Skipped, ahead, prepare
from index_builder.resuming import Shards
from index_builder.settings import BuildSettings
from index_builder.shards import EntriesDigest, ShardWriter
from index_builder.sources.entry import Source
from stnet.gallery.encoding import Features

# pictures -> their features
Encode = Callable[[list[Image.Image]], Features]

_NOT_FINITE = "the model makes no finite features of it"
_BATCHES_AHEAD = 2


class _Item(NamedTuple):
    shard: int
    made: Prepared | Skipped


def make_shards(
    source: Source,
    encode: Encode,
    shards: Shards,
    settings: BuildSettings,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Make and seal all shards of a source that aren't there yet.

    Args:
        progress: called with the number of entries done, after each.
    """
    finished = frozenset(shards.seals)
    done = sum(seal.entries for seal in shards.seals.values())
    digests: dict[int, EntriesDigest] = {}
    if progress is not None and done:
        progress(done)
    waiting = _digested(placed_entries(source, settings), finished, digests)
    most = _BATCHES_AHEAD * settings.batch_size
    prepared = ahead(partial(_prepare, settings), waiting, settings.threads, most)
    with closing(prepared), Behind(threaded=settings.threads > 0) as behind:
        for number, items in groupby(prepared, key=attrgetter("shard")):
            writer = ShardWriter(shards.folder(number), settings.picture_format)
            try:
                making = _Making(writer, encode, behind, settings.batch_size)
                for item in items:
                    making.take(item.made)
                    done += 1
                    if progress is not None:
                        progress(done)
                making.encode_rest()
                behind.do(partial(_seal, shards, number, making, digests.pop(number)))
            except BaseException:
                behind.drain()
                writer.close()
                raise


def _digested(
    entries: Iterable[Placed], finished: frozenset[int], digests: dict[int, EntriesDigest]
) -> Iterator[Placed]:
    """The entries of shards that aren't finished; all of a shard's have passed when its last is encoded."""
    for placed in entries:
        if placed.shard not in finished:
            digests.setdefault(placed.shard, EntriesDigest()).add(placed.entry)
            yield placed


def _prepare(settings: BuildSettings, placed: Placed) -> _Item:
    made = prepare(placed.entry, settings.picture_size, settings.picture_format, settings.picture_quality)
    return _Item(placed.shard, made)


def _seal(shards: Shards, number: int, making: "_Making", digest: EntriesDigest) -> None:
    shards.seals[number] = making.writer.seal(making.entries, digest.text(), making.skipped)


class _Making:
    """A shard in the making."""

    def __init__(self, writer: ShardWriter, encode: Encode, behind: Behind, batch_size: int) -> None:
        self.writer = writer
        self.entries = 0
        self.skipped: list[Skipped] = []
        self._encode, self._behind, self._batch_size = encode, behind, batch_size
        self._batch: list[Prepared] = []

    def take(self, made: Prepared | Skipped) -> None:
        self.entries += 1
        if isinstance(made, Skipped):
            self.skipped.append(made)
            return
        self._batch.append(made)
        if len(self._batch) == self._batch_size:
            self.encode_rest()

    def encode_rest(self) -> None:
        batch, self._batch = self._batch, []
        if not batch:
            return
        # what is stored is what is encoded: so a gallery can be verified, and rebuilt from itself
        made = self._encode([item.pixels for item in batch])
        records = [item.record for item in batch]
        kept = [record for record, usable in zip(records, made.usable, strict=True) if usable]
        rejected = [record for record, usable in zip(records, made.usable, strict=True) if not usable]
        self.skipped += [Skipped(record.id, _NOT_FINITE) for record in rejected]
        if kept:
            self._behind.do(self.writer.add, kept, Features(*(part[made.usable] for part in made)))
