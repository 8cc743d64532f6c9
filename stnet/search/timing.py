"""How long the steps of a search take."""

import time
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
