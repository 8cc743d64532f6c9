"""A source, and beside it what could be taken for pictures of it and is not: so that it is named."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from index_builder.sources.entry import Entry, Source


class WithLeftOut:
    """The entries of a source, then entries with a problem: those whose files it didn't give itself."""

    def __init__(self, source: Source, left_out: Mapping[Path, Entry]) -> None:
        self.name = source.name
        self._source = source
        self._left_out = left_out

    def __len__(self) -> int:
        """At most so many: a dataset may keep its pictures as the very files."""
        return len(self._source) + len(self._left_out)

    def __iter__(self) -> Iterator[Entry]:
        given = set()
        for entry in self._source:
            if isinstance(entry.content, Path):
                given.add(entry.content.resolve())
            yield entry
        for path, entry in self._left_out.items():
            if path.resolve() not in given:
                yield entry
