"""A process in which one change to the disk kills or fails: the k-th that it makes, or the n-th byte.

Changes are what Python does to files: open for writing, write, fsync, rename, link, unlink, mkdir, rmdir.
Native code (usearch, Arrow) writes unseen; a limit on the length of a file stops that, too.
"""

import io
import os
import pickle
import resource
import signal
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

_AUDITED = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Outcome:
    """How a process ended: by a signal, with an error, or well; and the changes that it began, in order."""

    signal: int
    error: BaseException | None
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """Which change goes wrong.

    Attributes:
        at: number of the change, from 0 on; None for none.
        error: its errno; None kills the process there, in the middle of what it writes.
        longest: bytes that a file may have; the write that goes beyond it goes wrong, whoever makes it.
    """

    at: int | None = None
    error: int | None = None
    longest: int | None = None


def run(task: Callable[[], object], within: Path, fault: Fault) -> Outcome:
    """Run `task` in a fork of this process; changes outside of `within` don't count."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads are there, and do nothing here
        child = os.fork()
    if child == 0:
        os.close(reading)
        _run_here(task, str(within), fault, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        *changes, last = [*pipe.read().split(b"\n"), b""][:-1] or [b""]
    status = os.waitpid(child, 0)[1]
    error = pickle.loads(bytes.fromhex(last.decode())) if last else None
    return Outcome(os.WTERMSIG(status), error, tuple(change.decode() for change in changes))


def _run_here(task: Callable[[], object], within: str, fault: Fault, report: int) -> NoReturn:
    """Names of changes go into the pipe as they begin; last comes the error."""
    _Shim(within, fault, report).install()
    if fault.longest is not None:
        if fault.error is None:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.longest, resource.RLIM_INFINITY))
    try:
        task()
    except BaseException as error:
        os.write(report, pickle.dumps(type(error)(*error.args)).hex().encode())
    os._exit(0)


class _Shim:
    def __init__(self, within: str, fault: Fault, report: int) -> None:
        self._within, self._fault, self._report = within, fault, report
        self._count = 0

    def install(self) -> None:
        """In this process, for ever."""
        sys.addaudithook(self._audit)
        opened = io.open

        def open_watched(file: Any, mode: str = "r", *options: Any, **named: Any) -> Any:
            real = opened(file, mode, *options, **named)
            inside = str(file).startswith(self._within) and set(mode) & set("wax+")
            return _Watched(real, self) if inside else real

        def sync(descriptor: int) -> None:
            """A killed process takes nothing along of what it wrote: only a power cut would."""
            self.change(f"fsync {os.readlink(f'/proc/self/fd/{descriptor}')}")

        io.open, os.fsync = open_watched, sync  # type: ignore[assignment]

    def change(self, name: str, half: Callable[[], object] = lambda: None) -> None:
        """One change begins; `half` does a part of it."""
        os.write(self._report, f"{name.replace(self._within, '')}\n".encode())
        self._count += 1
        if self._count - 1 != self._fault.at:
            return
        half()
        if self._fault.error is None:
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(self._fault.error, os.strerror(self._fault.error or 0), name)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            wanted = isinstance(flags, int) and flags & _WRITING and str(path).startswith(self._within)
        else:
            wanted = event in _AUDITED
            path = arguments[0] if wanted else ""
        if wanted:
            self.change(f"{event.removeprefix('os.')} {path}")


class _Watched:
    """A file whose writes are changes."""

    def __init__(self, file: Any, shim: _Shim) -> None:
        self._file, self._shim = file, shim

    def write(self, content: Any) -> int:
        def half() -> None:
            self._file.write(content[: len(content) // 2])
            self._file.flush()

        self._shim.change(f"write {self._file.name}", half)
        return int(self._file.write(content))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "_Watched":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
