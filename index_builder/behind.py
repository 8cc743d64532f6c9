"""Work that goes on behind the one who asks for it, in order and one piece at a time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import ParamSpec

Arguments = ParamSpec("Arguments")


class Behind:
    """A thread for what takes its time, like writing to a disk; leaving it waits for what was begun."""

    def __init__(self, *, threaded: bool = True) -> None:
        """Without a thread all is done at once."""
        self._pool = ThreadPoolExecutor(1, "writing") if threaded else None
        self._last: Future[None] | None = None

    def do(self, work: Callable[Arguments, None], *given: Arguments.args, **named: Arguments.kwargs) -> None:
        """Begin a piece of work as soon as the one before is done; raises what that one raised."""
        self.wait()
        if self._pool is None:
            work(*given, **named)
        else:
            self._last = self._pool.submit(work, *given, **named)

    def wait(self) -> None:
        """Until nothing is being done; raises what was raised."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def drain(self) -> None:
        """Until nothing is being done, whatever becomes of it."""
        with suppress(Exception):
            self.wait()

    def __enter__(self) -> "Behind":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            if self._pool is not None:
                self._pool.shutdown()
