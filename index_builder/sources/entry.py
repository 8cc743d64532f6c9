"""What a source of pictures yields: entries that nobody has decoded yet."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from stnet.characters import whole_characters


class SourceError(ValueError):
    """A source that can't be read at all. The text says what was expected."""


@dataclass(frozen=True)
class Entry:
    """One picture of a source, or what stands where one was expected.

    Half a character, in the id or the metadata, becomes a replacement character: no file could hold it.

    Attributes:
        id: stable, and what people will see: the path in the folder, or the source's own id.
        content: the file's path or bytes; None if the source has none for it.
        metadata: what the source says about it, as JSON can hold it.
        problem: why nobody should try to read it; None for a picture.
    """

    id: str
    content: Path | bytes | None
    metadata: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", whole_characters(self.id))
        object.__setattr__(self, "metadata", _whole(self.metadata))


class Source(Protocol):
    """Pictures in a fixed order."""

    name: str

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Entry]: ...


def json_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a row's values that JSON can hold."""
    values = {}
    for name, value in row.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            continue
        if value is not None:
            values[name] = value
    return values


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, dict):
        return {_whole(name): _whole(inner) for name, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value
