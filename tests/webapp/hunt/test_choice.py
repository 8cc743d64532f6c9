"""Which picture is hunted on which day."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from stnet.gallery.manifest import PICTURES_NAME
from stnet.search import SearchError
from webapp.hunt.choice import MARK, fingerprint, mark_of, read_day, row_of_day

DAY = date(2026, 11, 26)


class Rows:
    """As much of a gallery as the choice looks at."""

    def __init__(self, rows: int, sha256: str = "ab" * 32) -> None:
        self._rows = rows
        self.manifest = SimpleNamespace(files={PICTURES_NAME: SimpleNamespace(sha256=sha256)})

    def __len__(self) -> int:
        return self._rows


def row(day: date, rows: int, sha256: str = "ab" * 32) -> int:
    gallery: Any = Rows(rows, sha256)
    return row_of_day(day, gallery)


@pytest.mark.parametrize("rows", [1, 2, 12, 97, 1000])
def test_every_picture_has_its_day_before_one_comes_again(rows: int) -> None:
    days = [DAY + timedelta(days=number) for number in range(rows)]
    assert sorted(row(day, rows) for day in days) == list(range(rows))
    assert row(DAY + timedelta(days=rows), rows) == row(DAY, rows)


def test_a_day_has_one_picture_and_another_gallery_others() -> None:
    days = [DAY + timedelta(days=number) for number in range(30)]
    assert [row(day, 1000) for day in days] == [row(day, 1000) for day in days]
    assert [row(day, 1000) for day in days] != [row(day, 1000, "cd" * 32) for day in days]
    assert row(DAY, 1000) == 550  # what a link opened once it opens for ever


def test_only_some_pictures_may_have_their_days() -> None:
    gallery: Any = Rows(1000)
    days = [DAY + timedelta(days=number) for number in range(4)]
    assert sorted(row_of_day(day, gallery, (2, 30, 500, 999)) for day in days) == [2, 30, 500, 999]


def test_a_mark_is_of_the_pictures_that_are_hunted() -> None:
    gallery: Any = Rows(3, "ef" * 32)
    assert mark_of(gallery, range(3)) == "ef" * (MARK // 2)
    marks = {mark_of(gallery, rows) for rows in ((0, 1), (0, 2), (0, 1, 2))}
    assert len(marks) == 3 and all(len(mark) == MARK for mark in marks)


def test_the_fingerprint_is_of_the_pictures() -> None:
    gallery: Any = Rows(3, "ef" * 32)
    assert fingerprint(gallery) == "ef" * 32


def test_days_are_read_and_those_to_come_refused() -> None:
    assert read_day("2026-11-01") == date(2026, 11, 1)
    before, now, after = datetime.now(UTC).date(), read_day(None), datetime.now(UTC).date()
    assert before <= now <= after
    with pytest.raises(SearchError, match="has not begun"):
        read_day((now + timedelta(days=2)).isoformat())


@pytest.mark.parametrize("text", ["", "26 November", "2026-13-01", 7, ["2026-11-26"]])
def test_what_is_no_day_is_refused(text: Any) -> None:
    with pytest.raises(SearchError, match="like 2026-11-26"):
        read_day(text)
