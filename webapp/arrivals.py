"""When each request came: the order in which a visitor has asked, whatever is worked on first."""

import time

import gradio as gr
from starlette.types import ASGIApp, Receive, Scope, Send

_MOMENT = "stnet.arrived"  # in a request's scope


class Arrivals:
    """ASGI middleware: notes the moment in every request, where `arrived` reads it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, _MOMENT: time.monotonic_ns()}, receive, send)


def arrived(request: gr.Request) -> int:
    """Nanoseconds of a clock that only goes forward; now, for a request that no middleware has seen."""
    scope = getattr(request.request, "scope", {})
    return int(scope.get(_MOMENT, time.monotonic_ns()))
