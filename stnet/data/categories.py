"""The committed split of the object categories: trained, kept unseen, and what each is made of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

_SPLIT_FILE = Path(__file__).with_name("categories.json")


@dataclass(frozen=True)
class CategorySplit:
    """Categories in a fixed order: their places in ``names`` are the class ids of the classification head.

    ``merges`` maps a cut-out's name to its category, ``held_out`` are the names of cut-outs kept from
    training, ``drawings`` maps a category to the categories of human drawings that show it (missing when
    there are none).
    Raises ValueError when a category is both seen and unseen or appears twice.
    """

    seen: tuple[str, ...]
    unseen: tuple[str, ...] = ()
    merges: Mapping[str, str] = field(default_factory=dict)
    held_out: frozenset[str] = frozenset()
    drawings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            twice = sorted({name for name in self.names if self.names.count(name) > 1})
            raise ValueError(f"a category may appear once in a split; these appear again: {', '.join(twice)}")

    @property
    def names(self) -> tuple[str, ...]:
        """Seen categories, then unseen ones."""
        return self.seen + self.unseen

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.names)}

    def index(self, category: str) -> int:
        """Class id of ``category``. Raises ValueError for a category that is not in the split."""
        index = self._indices.get(category)
        if index is None:
            raise ValueError(f"no category {category!r} in this split of {len(self.names)} categories")
        return index


@cache
def load_split() -> CategorySplit:
    """The split of the Tux Paint stamps that is committed beside this file."""
    groups = json.loads(_SPLIT_FILE.read_text(encoding="utf-8"))
    entries = groups["seen"] | groups["unseen"]
    return CategorySplit(
        seen=tuple(groups["seen"]),
        unseen=tuple(groups["unseen"]),
        merges={name: category for category, entry in entries.items() for name in entry["cut_outs"]},
        held_out=frozenset(name for entry in entries.values() for name in entry["held_out"]),
        drawings={
            category: tuple(entry["drawings"]) for category, entry in entries.items() if entry["drawings"]
        },
    )
