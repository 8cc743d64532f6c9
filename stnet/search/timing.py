"""How long the steps of a search take, and whose turn it is to compute."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

STEPS = ("encode", "candidates", "rerank", "localize")


class Stopwatch:
    """Milliseconds by step of one search."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._steps = dict.fromkeys(STEPS, 0.0)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add what happens here to the step `name`."""
        start = time.perf_counter()
        yield
        self._steps[name] += (time.perf_counter() - start) * 1000

    def timings(self) -> dict[str, float]:
        """Milliseconds of each step, and in all until now."""
        total = (time.perf_counter() - self._start) * 1000
        return {name: round(value, 2) for name, value in (self._steps | {"total": total}).items()}


class Turns:
    """So many threads compute at a time, in the order in which they came.

    A semaphore would let a thread that gives its turn back take the next one at once, before those that wait
    for one: long work in many short turns would keep them waiting until its end.
    """

    def __init__(self, at_a_time: int) -> None:
        self._free = at_a_time
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return len(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it; never ask for one while holding one."""
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
