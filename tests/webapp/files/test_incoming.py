"""A request that trickles in or never ends is cut off; one that is whole is answered."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from gradio.route_utils import GradioMultiPartParser
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from webapp.files.incoming import BoundedRequests

SHORT, LONG, MOST = 0.05, 60.0, 1000  # seconds and bytes
HEAD = b'--part\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\n'
GONE = {"type": "http.disconnect"}
Message = dict[str, Any]


async def length(request: Request) -> PlainTextResponse:
    """How long the body is."""
    return PlainTextResponse(str(len(await request.body())))


async def forgiving(request: Request) -> PlainTextResponse:
    """An answer of its own to a sender that has gone, as FastAPI has one for a body that it can't read."""
    try:
        return await length(request)
    except Exception:
        return PlainTextResponse("can't be read", status_code=400)


def in_thread(work: Any) -> None:
    """Run a coroutine; Playwright keeps an event loop in this thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def answer(
    endpoint: Any, *parts: bytes | Message, seconds: float = LONG, kind: str = "text"
) -> list[Message]:
    """What is sent back to somebody who sends these parts and then waits. A body of b"" is the last one."""
    waiting = [
        part if isinstance(part, dict) else {"type": "http.request", "body": part, "more_body": part != b""}
        for part in parts
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    app = BoundedRequests(Starlette(routes=[Route("/", endpoint, methods=["POST"])]), seconds, MOST)
    headers = [(b"content-type", kind.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}
    in_thread(app(scope, receive, send))  # type: ignore[arg-type]
    return sent


@pytest.mark.parametrize("endpoint", [length, forgiving])
def test_a_request_that_never_ends_is_cut_off(endpoint: Any) -> None:
    start, body = answer(endpoint, b"half", seconds=SHORT)
    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]
    assert b"too long to arrive" in body["body"]


@pytest.mark.parametrize("endpoint", [length, forgiving])
def test_a_request_without_bounds_is_cut_off(endpoint: Any) -> None:
    start, body = answer(endpoint, *[bytes(100)] * 11)
    assert start["status"] == 413
    assert b"send less at a time" in body["body"]


def test_a_whole_request_is_answered() -> None:
    start, body = answer(length, *[bytes(100)] * 10, b"")
    assert (start["status"], body["body"]) == (200, b"1000")


def test_work_may_take_longer_than_the_request() -> None:
    async def slow(request: Request) -> PlainTextResponse:
        await request.body()
        await asyncio.sleep(3 * SHORT)
        return PlainTextResponse("done")

    assert answer(slow, b"all", b"", seconds=SHORT)[1]["body"] == b"done"


def test_a_sender_that_has_gone_is_no_failure_of_ours() -> None:
    assert answer(length, b"half", GONE) == []


@pytest.mark.parametrize("end", [(), (GONE,), (bytes(MOST),)], ids=["slow", "gone", "large"])
def test_half_an_upload_leaves_no_file(end: tuple[bytes | Message, ...], tmp_path: Path) -> None:
    begun: list[int] = []

    async def upload(request: Request) -> PlainTextResponse:
        async def watched() -> Any:
            async for part in request.stream():
                begun.append(len(list(tmp_path.iterdir())))
                yield part

        parser = GradioMultiPartParser(request.headers, watched(), upload_dir=tmp_path, max_file_size=MOST)
        await parser.parse()
        return PlainTextResponse("taken")

    sent = answer(upload, HEAD, b"x", b"y", *end, seconds=0.5, kind="multipart/form-data; boundary=part")
    assert max(begun) == 1
    assert list(tmp_path.iterdir()) == []
    assert [message["status"] for message in sent[:1]] in ([], [408], [413])


def test_what_is_no_request_passes() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    in_thread(BoundedRequests(app)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]
