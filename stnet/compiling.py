"""Loops over numbers, compiled by numba when they are first needed and kept for the next process."""

import threading
from collections.abc import Callable
from typing import Any


class Compiled:
    """A function of numpy arrays that runs as machine code, without holding the interpreter.

    The first call compiles it, which takes seconds, or loads what an earlier process has kept: beside the
    source or in the user's cache folder. If neither can be written, each process compiles for itself.
    Threads may share it.
    """

    def __init__(self, function: Callable[..., None]) -> None:
        self._function = function
        self._machine_code: Any = None
        self._lock = threading.Lock()

    def __call__(self, *arguments: Any) -> None:
        """Run it; a call with other types of arguments than before is compiled anew."""
        with self._lock:
            if self._machine_code is None:
                self._machine_code = _prepared(self._function)
        try:
            self._machine_code(*arguments)
        except OSError:  # it couldn't be kept after all: the disk is full
            with self._lock:
                self._machine_code = _prepared(self._function, keep=False)
            self._machine_code(*arguments)


def _prepared(function: Callable[..., None], *, keep: bool = True) -> Any:
    import numba  # takes a third of a second, which only who computes should pay

    # sums in any order, so that they become vector instructions; infinities and NaN stay what they are
    options = {"nogil": True, "fastmath": {"reassoc", "contract", "nsz", "arcp"}, "error_model": "numpy"}
    try:
        return numba.njit(cache=keep, **options)(function)
    except RuntimeError:  # no folder to keep it in
        return numba.njit(**options)(function)
