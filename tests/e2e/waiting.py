"""Waiting for what happens outside the browser, where Playwright has nothing to wait for."""

import time
from collections.abc import Callable

PATIENCE = 60  # seconds; a machine that does nothing else needs a part of one


def wait_until(
    condition: Callable[[], bool],
    failure: Callable[[], str],
    *,
    pause: Callable[[float], None] = time.sleep,
    patience: float = PATIENCE,
) -> None:
    """Return as soon as the condition holds.

    Args:
        failure: what to say if it never does.
        pause: takes seconds; a page's own pause lets the page's listeners run meanwhile.
    """
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, failure()
        pause(0.05)
