"""Folders that live no longer than their process; even if it is killed, the next one clears them away."""

import fcntl
import os
import secrets
import shutil
import time
import weakref
from contextlib import suppress
from pathlib import Path

_UNSETTLED = 60  # seconds in which a new folder may not be locked yet
_deletions: "set[weakref.finalize[..., ProcessFolder]]" = set()


class ProcessFolder:
    """A folder that only this user can enter (mode 0700), with a name that nobody can guess.

    It goes with its owner or with the process. A killed process's lock dies with it, so that the next one can
    tell that the folder is left over.
    """

    def __init__(self, parent: Path, prefix: str) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        clear_left_over(parent, prefix)
        self.path = parent / f"{prefix}{secrets.token_hex(16)}"
        self.path.mkdir(mode=0o700)
        lock = os.open(self.path, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        # once, at the latest when this process ends
        self.delete = weakref.finalize(self, _delete, self.path, lock, os.getpid())
        _deletions.difference_update([deletion for deletion in tuple(_deletions) if not deletion.alive])
        _deletions.add(self.delete)


def delete_all() -> None:
    """Delete every folder of this process now, whoever holds it: the last threads may take long to end."""
    for deletion in tuple(_deletions):  # other threads add to it
        deletion()


def _delete(folder: Path, lock: int, owner: int) -> None:
    """Other threads may be writing to it: first its name goes, so that they can't begin another file."""
    if os.getpid() != owner:
        return  # in a fork, which may end while its parent needs the folder
    doomed = folder.with_name(f"{folder.name}-deleted")
    try:
        with suppress(FileNotFoundError):  # somebody has cleaned up the folder around it
            os.rename(folder, doomed)
            shutil.rmtree(doomed, ignore_errors=True)
    finally:
        os.close(lock)


def clear_left_over(parent: Path, prefix: str) -> None:
    """Delete the folders with this prefix whose processes were killed."""
    for folder in parent.glob(f"{prefix}*"):
        try:
            found = folder.lstat()
            if found.st_uid != os.getuid() or time.time() - found.st_mtime < _UNSETTLED:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:  # gone in the meantime, or no folder
            continue
        try:
            with suppress(BlockingIOError):  # its process is alive
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
