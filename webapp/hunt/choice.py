"""Which picture of a gallery is hunted on which day: the same for everybody, and nothing is stored."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from math import gcd
from typing import Any

from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import PICTURES_NAME
from stnet.search import SearchError

MARK = 8  # hexadecimal digits of a gallery's fingerprint that go into a link


def fingerprint(gallery: Gallery) -> str:
    """Of the gallery's pictures, whatever model it is built for: 64 hexadecimal digits."""
    return gallery.manifest.files[PICTURES_NAME].sha256


def mark_of(gallery: Gallery, rows: Sequence[int]) -> str:
    """What a link says of the pictures that are hunted: another mark means that others are.

    Args:
        rows: of the pictures that are hunted.
    """
    if len(rows) == len(gallery):
        return fingerprint(gallery)[:MARK]
    hunted = f"{fingerprint(gallery)} {','.join(map(str, rows))}"
    return hashlib.sha256(hunted.encode()).hexdigest()[:MARK]


def row_of_day(day: date, gallery: Gallery, rows: Sequence[int] | None = None) -> int:
    """The row of the picture that is hunted on a day; every picture has its day before one comes again.

    The days go through the rows in steps that have no divisor in common with their number; where they begin
    and how wide the steps are follows from the gallery's fingerprint.

    Args:
        rows: of the pictures that are hunted; None for all.
    """
    places: Sequence[int] = range(len(gallery)) if rows is None else rows
    seed = hashlib.sha256(f"hunt {fingerprint(gallery)}".encode()).digest()
    start, step = (int.from_bytes(half) % len(places) for half in (seed[:16], seed[16:]))
    while gcd(step, len(places)) != 1:
        step += 1
    return places[(start + day.toordinal() * step) % len(places)]


def today() -> date:
    """The day that it is in UTC."""
    return datetime.now(UTC).date()


def read_day(text: Any) -> date:
    """A day as a caller wrote it, like 2026-11-26; today for None.

    Raises:
        SearchError: if it is no day, or one that has not begun in UTC.
    """
    if text is None:
        return today()
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise SearchError(f"The day of a hunt is like 2026-11-26, got {str(text)[:40]!r}") from error
    if day > today():
        raise SearchError(f"The hunt of {day.isoformat()} has not begun; in UTC it is {today().isoformat()}")
    return day
