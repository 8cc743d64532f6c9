"""How long a request may take to arrive and how much it may bring; of what is broken off nothing stays.

Gradio bounds each file of an upload, not how many there are nor how slowly they come, and forgets the half of
a file whose sender has gone. It does clear up after an upload that it can't read: so that is what it sees.
"""

import asyncio

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = 300.0  # for 8 MB, the largest file, over 220 kilobits a second
BYTES = 64 * 2**20  # a visitor's 200 photos, as the page makes them smaller, have some 20 MB
TOO_SLOW = 408, "It took too long to arrive: send it again, or something smaller"
TOO_LARGE = 413, "It is larger than anything that this page sends: send less at a time"


class BoundedRequests:
    """ASGI middleware: a request that is too slow or too large is cut off, with status 408 or 413.

    Args:
        app: what comes behind it; to it the sender has gone.
        seconds: from the request's head to the end of its body.
        bytes: of its body.
    """

    def __init__(self, app: ASGIApp, seconds: float = SECONDS, bytes: int = BYTES) -> None:
        self._app, self._seconds, self._bytes = app, seconds, bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        deadline = asyncio.get_running_loop().time() + self._seconds
        request = _Request(scope, receive, send, deadline, self._bytes)
        try:
            await self._app(scope, request.receive, request.send)
        except (ClientDisconnect, MultiPartException):
            if not request.ended:
                raise
        if request.refusal and not request.answered:
            status, detail = request.refusal
            await JSONResponse({"detail": detail}, status, {"Connection": "close"})(scope, receive, send)


class _Request:
    """One request on its way in, and its answer on the way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, deadline: float, most: int) -> None:
        self._receive, self._send = receive, send
        self._deadline, self._left = deadline, most
        self._is_upload = Headers(scope=scope).get("content-type", "").startswith("multipart/")
        self._whole = self.ended = self.answered = False
        self.refusal: tuple[int, str] | None = None

    async def receive(self) -> Message:
        if self.ended:
            return {"type": "http.disconnect"}
        if self._whole:  # what comes now is the end of the connection, whenever that is
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            return self._end(TOO_SLOW)
        if message["type"] == "http.disconnect":
            return self._end(None)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            return self._end(TOO_LARGE)
        self._whole = not message.get("more_body", False)
        return message

    def _end(self, refusal: tuple[int, str] | None) -> Message:
        self.ended, self.refusal = True, refusal
        if self._is_upload:
            raise MultiPartException("The upload was broken off")
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.ended and not self.answered:
            return  # whatever it says to a sender that has gone: we say why, or nobody is there
        self.answered = True
        await self._send(message)
