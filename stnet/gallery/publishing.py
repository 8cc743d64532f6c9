"""Putting a finished gallery in its place: at once, and without disturbing who has the old one open.

A first gallery is built in a hidden folder beside its place, and renamed. A gallery that replaces another is
built in a hidden folder inside it: one rename makes it the one that is read (`standing_folder`), and then its
files take the places of the old ones. Whenever that is cut off, there is a whole gallery, and the next
builder goes on. The folder itself stays what it is: a mount point, somebody's current folder, a shared one.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stnet.gallery.manifest import (
    DATA_FILES,
    FORMER_FILES,
    MANIFEST_NAME,
    PUBLISHED,
    GalleryError,
    is_gallery,
    sync_folder,
)

_OWNER = "owner.pid"
_BUILDING = ".building"
_SHARDS = ".shards"
# what stands in a folder that nobody has put anything into
_FURNITURE = {_BUILDING, _SHARDS, "lost+found", ".DS_Store"}
# what file systems say that know no second name for a file
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}


def target_folder(target: Path) -> Path:
    """Where a gallery really goes: links are followed, so that they stay links.

    Raises:
        GalleryError: if the links go in circles.
    """
    try:
        return target.resolve()
    except RuntimeError as error:
        raise GalleryError(f"{target} is a link that leads to itself: choose another --out") from error


def refuse_target(target: Path, *, overwrite: bool) -> None:
    """Stop before the work if the result could not be put in its place.

    Raises:
        GalleryError: if `target` is a file, a folder of something else, or a gallery without `overwrite`.
    """
    if not target.exists() or (target.is_dir() and {item.name for item in target.iterdir()} <= _FURNITURE):
        return
    if not target.is_dir() or not is_gallery(target):
        raise GalleryError(f"{target} exists and is not a gallery: choose another --out, nothing was changed")
    if not overwrite:
        raise GalleryError(f"{target} is a gallery already: give --overwrite to replace it")


@contextmanager
def build_folder(target: Path) -> Iterator[Path]:
    """A hidden folder in `target`, or beside it where it isn't there yet; removed if the build fails.

    It is locked, so that two builders of one gallery can't mix. A killed builder's lock dies with it, and the
    next builder clears what it left.

    Raises:
        GalleryError: if another builder is at work on `target`.
        OSError: if nothing can be written there.
    """
    folder = _hidden(target, _BUILDING)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True)
    with _locked(folder, target) as lock:
        finish_publication(target)
        if target.is_dir():
            _clear_beside(target)
        _clear(folder)
        (folder / _OWNER).write_text(str(os.getpid()))
        try:
            yield folder
        finally:
            if _is_same(lock, folder):  # else it is published
                shutil.rmtree(folder)


def shards_folder(target: Path) -> Path:
    """Where the builder of `target` keeps what a killed build can go on from; beside its `build_folder`.

    Only who holds that may touch it.
    """
    return _hidden(target, _SHARDS)


def publish(folder: Path, target: Path) -> None:
    """Put a finished gallery in the place of `target`; a server that has the old one open keeps it.

    What people put beside the old gallery's files (README, licence, credits) stays.

    Raises:
        OSError: if it can't be done; then there is the old gallery or the new one, whole.
    """
    (folder / _OWNER).unlink()
    sync_folder(folder)
    if not target.is_dir():
        os.rename(folder, target)
        sync_folder(target.parent)
        return
    os.rename(folder, target / PUBLISHED)
    sync_folder(target)
    _take_places(target)


def finish_publication(target: Path) -> None:
    """Go on where a killed builder stopped after its gallery had become the one that is read.

    Raises:
        GalleryError: if that builder is still at work.
    """
    if (target / PUBLISHED).is_dir():
        with _locked(target / PUBLISHED, target):
            _take_places(target)


def _take_places(target: Path) -> None:
    """Until the last manifest goes, the files are read where they were published."""
    published = target / PUBLISHED
    if (published / MANIFEST_NAME).is_file():
        # no manifest ever stands beside another gallery's files
        for name in (MANIFEST_NAME, *DATA_FILES, *FORMER_FILES):
            (target / name).unlink(missing_ok=True)
        made = [path for path in sorted(published.iterdir()) if path.name != MANIFEST_NAME]
        for path in (*made, published / MANIFEST_NAME):
            _name_again(path, target / path.name)
        sync_folder(target)
        (published / MANIFEST_NAME).unlink()
    shutil.rmtree(published)
    sync_folder(target)


def _name_again(path: Path, other: Path) -> None:
    """The same file under a second name; a copy where there can't be one."""
    try:
        os.link(path, other)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copyfile(path, other)
        with other.open("rb") as file:
            os.fsync(file.fileno())


@contextmanager
def _locked(folder: Path, target: Path) -> Iterator[int]:
    lock = os.open(folder, os.O_RDONLY)
    try:
        _take_lock(lock, folder, target)
        yield lock
    finally:
        os.close(lock)


def _take_lock(lock: int, folder: Path, target: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = (folder / _OWNER).read_text() if (folder / _OWNER).exists() else "unknown"
        raise GalleryError(f"Another builder (process {owner}) is at work on {target}: wait for it") from None
    if not _is_same(lock, folder):  # the other builder published this very folder in the meantime
        raise GalleryError(f"Another builder has just finished {target}: start again to replace it")


def _is_same(lock: int, folder: Path) -> bool:
    return folder.exists() and os.fstat(lock).st_ino == folder.stat().st_ino


def _hidden(target: Path, suffix: str) -> Path:
    return target / suffix if target.is_dir() else target.with_name(f".{target.name}{suffix}")


def _clear_beside(target: Path) -> None:
    """Remove what a builder left that was killed when it had just put the first gallery in its place."""
    left = target.with_name(f".{target.name}{_SHARDS}")
    building = target.with_name(f".{target.name}{_BUILDING}")
    if left.is_dir() and not building.exists():  # else that builder may be at work yet
        shutil.rmtree(left)


def _clear(folder: Path) -> None:
    for item in folder.iterdir():
        shutil.rmtree(item) if item.is_dir() else item.unlink()
