"""Only pictures that their captions find are hunted, where there are enough of them."""

from types import SimpleNamespace
from typing import Any

import pytest

import webapp.hunt.findable as findable
from webapp.hunt.findable import FEWEST, findable_rows


class Captioned:
    """A gallery, and what serves it: every third caption finds its picture, every tenth picture has none."""

    name = "Captioned"

    def __init__(self, pictures: int) -> None:
        self._pictures, self.tried = pictures, 0

    def __len__(self) -> int:
        return self._pictures

    def metadata(self, row: int) -> dict[str, Any]:
        return {} if row % 10 == 0 else {"title": f"thing {row}"}

    def found_by_words(self, words: dict[int, str], first: int, *, gallery: str) -> list[int]:
        assert words == {row: f"thing {row}" for row in range(self._pictures) if row % 10}
        assert first == findable.FIRST and gallery == self.name
        self.tried += 1
        return [row for row in words if row % 3 == 0]


def rows_of(gallery: Captioned) -> tuple[int, ...]:
    answerer: Any = SimpleNamespace(gallery=lambda _: gallery, found_by_words=gallery.found_by_words)
    return findable_rows(answerer)


def test_what_a_caption_finds_is_hunted_and_tried_once() -> None:
    gallery = Captioned(10 * FEWEST)
    expected = tuple(row for row in range(len(gallery)) if row % 3 == 0 and row % 10)
    assert rows_of(gallery) == rows_of(gallery) == expected
    assert gallery.tried == 1


def test_all_are_hunted_of_few_or_of_too_many_to_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert rows_of(Captioned(FEWEST)) == tuple(range(FEWEST))
    monkeypatch.setattr(findable, "MOST_PICTURES", 10 * FEWEST - 1)
    large = Captioned(10 * FEWEST)
    assert rows_of(large) == tuple(range(len(large))) and large.tried == 0
