"""What the page sends when a visitor has chosen photos: names, and small copies that it has uploaded."""

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stnet.pictures import MAX_PIXELS
from webapp.files.uploads import NotUploadedError, uploaded_file

MOST_PHOTOS = 200
MOST_MEGABYTES, MOST_MEGAPIXELS = 30, MAX_PIXELS // 1_000_000  # of a photo as it is picked
SIDE = 512  # pixels: the longer side of the copy that leaves the browser, and of what is kept of it
MOST_COPY_BYTES = 2_000_000  # a photo of SIDE x SIDE pixels has some tens of thousands
COPY_PREFIX = "own-photo-"  # names the copies among all uploads, so that forgotten ones can be found
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Photo:
    """A photo: the name it has on the visitor's device, and the copy in the upload folder."""

    name: str
    copy: Path


@dataclass(frozen=True)
class LeftOut:
    """A photo that is not in the gallery, and why, for the visitor."""

    name: str
    reason: str


@dataclass(frozen=True)
class Choice:
    """Photos to index, with distinct names, and those that were left out before they got here."""

    photos: tuple[Photo, ...]
    left_out: tuple[LeftOut, ...] = ()


def read_choice(value: Any, uploads: Path) -> Choice:
    """Read what a browser or an API caller sent.

    Args:
        value: {"photos": [{"name": text, "file": an upload}, ...], "left_out": [{"name", "reason"}, ...]} as
            JSON gave it: anything at all.
        uploads: the only folder from which copies may come.

    Raises:
        ValueError: if it isn't of this form, or names a file that is no upload.
    """
    photos: list[Photo] = []
    left_out = [LeftOut(_name(item), str(item.get("reason"))[:200]) for item in _items(value, "left_out")]
    taken: Counter[str] = Counter()
    for number, item in enumerate(_items(value, "photos")):
        name = _distinct(_name(item), taken)
        reason = None
        try:
            copy = uploaded_file(item.get("file"), uploads)
        except FileNotFoundError:
            reason = "it didn't arrive; choose it again"
        except NotUploadedError as error:
            raise ValueError("The photos must be files that were uploaded to this server") from error
        else:
            if number >= MOST_PHOTOS:
                reason = f"there are more than {MOST_PHOTOS} photos"
            elif copy.stat().st_size > MOST_COPY_BYTES:
                reason = f"its copy has more than {MOST_COPY_BYTES / 1e6:.0f} MB"
        if reason is None:
            photos.append(Photo(name, copy))
        else:
            left_out.append(LeftOut(name, reason))
    return Choice(tuple(photos), tuple(left_out))


def forget_copies(uploads: Path, older_than: float) -> None:
    """Delete copies that were uploaded more than `older_than` seconds ago: their visitor left too early."""
    with suppress(FileNotFoundError):  # a folder may go while it is looked through: then the next round
        for copy in uploads.glob(f"*/{COPY_PREFIX}*"):
            try:
                if time.time() - copy.lstat().st_mtime > older_than:
                    copy.unlink()
                    copy.parent.rmdir()
            except OSError:  # gone in the meantime, or not alone in its folder
                continue


def _items(value: Any, key: str) -> list[dict[str, Any]]:
    items = value.get(key, []) if isinstance(value, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError(f'Chosen photos are {{"photos": [...], "left_out": [...]}}, got another {key!r}')
    return items


def _name(item: dict[str, Any]) -> str:
    name = item.get("name")
    return name[:_LONGEST_NAME] if isinstance(name, str) and name.strip() else "a photo"


def _distinct(name: str, taken: Counter[str]) -> str:
    """Phones give many photos the same name; results are told apart by it."""
    taken[name] += 1
    return name if taken[name] == 1 else _distinct(f"{name} ({taken[name]})", taken)
