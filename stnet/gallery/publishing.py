"""Putting a finished gallery in its place: at once, and without disturbing who has the old one open.

It is built in a hidden folder beside its place and renamed. Where the place itself can't be renamed (it is
a mount point, such as a container's volume, a shell stands in it, or the folder around it is somebody
else's), it is built in a hidden folder inside and its files are moved one by one, the manifest last.
"""

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
    GalleryError,
    is_gallery,
    sync_folder,
)

_OWNER = "owner.pid"
_INSIDE = ".building"
# what stands in a folder that nobody has put anything into
_FURNITURE = {_INSIDE, "lost+found", ".DS_Store"}
MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = {"\\": r"\134", " ": r"\040", "\t": r"\011", "\n": r"\012"}  # in that file


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
    """A hidden folder beside `target`, or in it, to build in; removed if the build fails.

    It is locked, so that two builders of one gallery can't mix. A killed builder's lock dies with it, and the
    next builder clears what it left.

    Raises:
        GalleryError: if another builder is at work on `target`.
        OSError: if nothing can be written there.
    """
    folder = target / _INSIDE if _must_stay(target) else target.with_name(f".{target.name}.building")
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        _take_lock(lock, folder, target)
        _clear(folder)
        (folder / _OWNER).write_text(str(os.getpid()))
        try:
            yield folder
        finally:
            if _is_same(lock, folder):  # else it is published
                shutil.rmtree(folder)
    finally:
        os.close(lock)


def publish(folder: Path, target: Path) -> None:
    """Put a finished gallery in the place of `target`; a server that has the old one open keeps it.

    What people put beside the old gallery's files (README, licence, credits) stays.
    """
    (folder / _OWNER).unlink()
    sync_folder(folder)
    if folder.parent == target:
        _publish_inside(folder, target)
    else:
        _publish_beside(folder, target)


def _publish_beside(folder: Path, target: Path) -> None:
    previous = target.with_name(f".{target.name}.previous")
    if target.exists():
        for item in target.iterdir():
            if item.name not in (*DATA_FILES, *FORMER_FILES, MANIFEST_NAME):
                (shutil.copytree if item.is_dir() else shutil.copy2)(item, folder / item.name)
        shutil.rmtree(previous, ignore_errors=True)
        os.rename(target, previous)
    os.rename(folder, target)
    sync_folder(target.parent)
    shutil.rmtree(previous, ignore_errors=True)


def _publish_inside(folder: Path, target: Path) -> None:
    """For a moment there is no gallery; never is there one of old and new files."""
    for name in (MANIFEST_NAME, *DATA_FILES, *FORMER_FILES):
        (target / name).unlink(missing_ok=True)
    sync_folder(target)
    made = [path for path in folder.iterdir() if path.name != MANIFEST_NAME]
    for path in (*made, folder / MANIFEST_NAME):
        os.rename(path, target / path.name)
    sync_folder(target)


def _must_stay(target: Path) -> bool:
    """Whether the folder is there and can't, or shouldn't, be replaced by another one of its name."""
    if not target.is_dir():
        return False
    return (
        _is_mount(target)
        or target in (here := _here(), *here.parents)
        or not os.access(target.parent, os.W_OK | os.X_OK)
    )


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # a shell whose folder was deleted
        return Path("/")


def _is_mount(folder: Path) -> bool:
    if os.path.ismount(folder):
        return True
    try:  # it doesn't see a folder of the same disk that is mounted here
        lines = MOUNTS.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return False
    written = "".join(_ESCAPED.get(character, character) for character in str(folder))
    return any(line.split(" ")[4:5] == [written] for line in lines)


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


def _clear(folder: Path) -> None:
    for item in folder.iterdir():
        shutil.rmtree(item) if item.is_dir() else item.unlink()
