"""Loops over numbers, compiled by numba when they are first needed and kept for the next process."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from numbers import Number
from types import FunctionType
from typing import Any

# In what is compiled this is the system's function of that name: (descriptor, address, bytes, offset) gives
# the number of bytes read, 0 at the file's end, -1 for an error.
pread: Any = None


class Compiled:
    """A function of numpy arrays that runs as machine code, without holding the interpreter.

    The first call compiles it, which takes seconds, or loads what an earlier process has kept: beside the
    source or in the user's cache folder. If neither can be written, each process compiles for itself.
    Threads may share it.
    """

    def __init__(self, function: Callable[..., None], *called: Callable[..., Any]) -> None:
        """A function and the functions that it calls, each after those that it calls itself."""
        self._functions = (*called, function)
        self._machine_code: Any = None
        self._lock = threading.Lock()

    def __call__(self, *arguments: Any) -> None:
        """Run it; a call with other types of arguments than before is compiled anew."""
        with self._lock:
            if self._machine_code is None:
                self._machine_code = _prepared(self._functions)
        try:
            self._machine_code(*arguments)
        except OSError:  # it couldn't be kept after all: the disk is full
            with self._lock:
                self._machine_code = _prepared(self._functions, keep=False)
            self._machine_code(*arguments)


def _prepared(functions: Sequence[Callable[..., Any]], *, keep: bool = True) -> Any:
    """The last of the functions, which calls the others."""
    import numba  # takes a third of a second, which only who computes should pay

    # sums in any order, so that they become vector instructions; infinities and NaN stay what they are
    options = {"nogil": True, "fastmath": {"reassoc", "contract", "nsz", "arcp"}, "error_model": "numpy"}
    *called, function = functions
    types = numba.types
    read = types.intp(types.intc, types.voidptr, types.uintp, types.int64)
    known: dict[str, Any] = {"pread": types.ExternalFunction("pread", read)}
    for one in called:
        known[one.__name__] = numba.njit(**options)(_knowing(one, known))
    whole = _knowing(function, known)
    try:
        return numba.njit(cache=keep, **options)(whole)
    except RuntimeError:  # no folder to keep it in
        return numba.njit(**options)(whole)


def _knowing(function: Callable[..., Any], known: dict[str, Any]) -> Callable[..., Any]:
    """The same function where some global names mean something else.

    numba keeps what it compiles by the function's name and file: what is called is part of the name, since a
    change of it is a change of the whole.
    """
    called = [one.py_func for one in known.values() if hasattr(one, "py_func")]
    content = repr([_content(one) for one in called]).encode()
    name = f"{function.__name__}_{hashlib.sha256(content).hexdigest()[:8]}"
    knowing = FunctionType(function.__code__, {**function.__globals__, **known}, name)
    knowing.__qualname__ = name
    return knowing


def _content(function: Callable[..., Any]) -> tuple[bytes, tuple[Any, ...], dict[str, str]]:
    """All that a function is made of: its code, and the numbers that it takes from its file."""
    code, names = function.__code__, function.__globals__
    numbers = {name: repr(names[name]) for name in code.co_names if isinstance(names.get(name), Number)}
    return code.co_code, code.co_consts, numbers
