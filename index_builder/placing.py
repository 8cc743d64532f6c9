"""Which entries of a source are indexed, and in which shard: alike in every process that reads the source."""

from collections.abc import Iterator
from typing import NamedTuple

from index_builder.settings import BuildSettings
from index_builder.sources.entry import Entry, Source


class Placed(NamedTuple):
    """An entry and the shard that it belongs to, counted from 0 in the source's order."""

    shard: int
    entry: Entry


def placed_entries(source: Source, settings: BuildSettings) -> Iterator[Placed]:
    """The entries that are to be indexed; where several have one id, the later ones have a problem."""
    taken: set[str] = set()
    first, end = entries_of_part(len(source), settings)
    for number, entry in enumerate(source):
        if number >= end:
            return
        if number >= first:
            again = Entry(entry.id, None, problem="an earlier picture has the same id")
            yield Placed(number // settings.shard_entries, again if entry.id in taken else entry)
        taken.add(entry.id)


def entries_of_part(count: int, settings: BuildSettings) -> tuple[int, int]:
    """The first entry, and the one after the last, of a source of so many.

    A part of a source is whole shards of it: then all parts together encode the same batches as one build.
    """
    most = count if settings.limit is None else min(count, settings.limit)
    if settings.part is None:
        return 0, most
    number, of = settings.part
    shards = -(-most // settings.shard_entries)
    first, end = (shards * before // of * settings.shard_entries for before in (number - 1, number))
    return first, min(end, most)
