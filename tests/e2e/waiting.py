"""Waiting for what happens outside the browser, where Playwright has nothing to wait for."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from webapp.canvas.strokes import Sketch

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 60  # seconds; a machine that does nothing else needs a part of one
ANSWERS = "performance.getEntriesByName('results-shown').length"  # how many the page has shown


def wait_until(
    condition: Callable[[], bool],
    failure: Callable[[], str],
    page: "Page | None" = None,
) -> None:
    """Return as soon as the condition holds.

    Args:
        failure: what to say if it never does.
        page: whose listeners run meanwhile.
    """
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, failure()
        if page is None:
            time.sleep(0.05)
        else:
            page.wait_for_timeout(50)


class Told(NamedTuple):
    """What Python heard from a page; the visit is the one in the page's address."""

    visit: str
    event: str
    sketch: Sketch | None
    text: str
