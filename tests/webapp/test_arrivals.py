import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

from starlette.types import Receive, Scope, Send

from webapp.arrivals import Arrivals, arrived


def test_a_request_keeps_the_moment_at_which_it_came() -> None:
    seen: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(SimpleNamespace(request=SimpleNamespace(scope=scope)))

    nothing: Any = None
    with ThreadPoolExecutor(1) as thread:  # a browser test's loop may still be running in this one
        for _ in range(2):
            asked = Arrivals(app)({"type": "http", "path": "/"}, nothing, nothing)
            thread.submit(asyncio.run, asked).result()
    first, second = seen
    assert arrived(second) > arrived(first) == arrived(first)
    assert first.request.scope["path"] == "/"


def test_a_request_that_nobody_has_seen_comes_now() -> None:
    unseen: Any = SimpleNamespace(request=None)
    assert arrived(unseen) < arrived(unseen)
