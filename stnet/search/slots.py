"""Who may compute, and who waits."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """So many threads compute at a time, in the order in which they came.

    A semaphore would let a thread that gives its slot back take the next one at once, before those that wait
    for one: long work in many short steps would keep them waiting until its end.
    """

    def __init__(self, at_a_time: int) -> None:
        self._free = at_a_time
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many wait for a slot."""
        return len(self._waiting)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a slot and hold it; never ask for one while holding one."""
        with self._lock:
            mine = None
            if self._free:
                self._free -= 1
            else:
                mine = threading.Event()
                self._waiting.append(mine)
        if mine is not None:
            mine.wait()
        try:
            yield
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting.popleft().set()  # handed over: nobody can come between
                else:
                    self._free += 1
