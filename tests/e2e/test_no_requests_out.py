"""The server asks no other host for anything, whoever wants it to.

Gradio's own checks let every address through here, so that only ours stand between a visitor and the network.
"""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.e2e.plain_http import ask, post

DISGUISES = [
    "file=http://{host}/x",
    "file=https://{host}/x",
    "file=HTTP://{host}/x",
    "file=%68ttp://{host}/x",
    "file=http%3A%2F%2F{host}%2Fx",
    "file=http%253A%252F%252F{host}%252Fx",
    "file=%20http://{host}/x",
    "file=/http://{host}/x",
    "file=//{host}/x",
    r"file=http:\\{host}\x",
    "file=http:{host}/x",
    "file=http://user@{host}/x",
    "FILE=http://{host}/x",
    "file/http://{host}/x",
    "file%3Dhttp://{host}/x",
    "/file=http://{host}/x",
    "proxy=http://{host}/x",
    "proxy=http%3A%2F%2F{host}%2Fx",
    "proxy=/http://{host}/x",
]


class Listener:
    """A host on this machine that counts who asks it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.asked = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):  # closed
            while True:
                connection = self._socket.accept()[0]
                self.asked += 1
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")
                connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """Something to be asked; Gradio takes it for a public host."""
    import safehttpx
    from gradio.routes import App

    async def public(hostname: str) -> str:
        return "127.0.0.1"

    monkeypatch.setattr(safehttpx, "async_validate_url", public)
    monkeypatch.setattr(App, "build_proxy_request", lambda app, url: (url, {}))
    listening = Listener()
    yield listening
    listening.close()


@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_address_is_fetched_whatever_it_looks_like(server: str, listener: Listener, disguise: str) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(server, "/gradio_api/" + disguise.format(host=listener.host), method)
        assert answer.status == 403
        assert b"secret" not in answer.body
    assert listener.asked == 0
    assert (
        "fetches nothing"
        in json.loads(ask(server, f"/gradio_api/file=http://{listener.host}/").body)["detail"]
    )


def test_gradios_own_check_would_let_it_through(listener: Listener) -> None:
    """Else the tests above would prove nothing."""
    import asyncio

    from gradio.route_utils import secure_url_stream_response
    from starlette.requests import Request

    asking = Request({"type": "http", "method": "GET", "headers": [], "path": "/"})
    asked = secure_url_stream_response(f"http://{listener.host}/x", asking)
    with ThreadPoolExecutor() as threads:  # this thread has Playwright's loop once a browser is open
        threads.submit(asyncio.run, asked).result()
    assert listener.asked == 1


@pytest.mark.parametrize("door", ["run/search", "api/search", "call/search", "call/v2/search", "queue/join"])
def test_no_address_is_fetched_that_stands_where_a_file_is_expected(
    server: str, listener: Listener, door: str
) -> None:
    address = f"http://{listener.host}/drawing.png"
    file = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
    body: dict[str, object] = {"data": [file, "a red one", 1, 0], "session_hash": "somebody", "fn_index": 0}
    if door.startswith("call/v2"):
        body = {"sketch": file, "text": "a red one"}
    answer = post(server, f"/gradio_api/{door}", body)
    said = answer.body
    if b"event_id" in said:
        target = "queue/data?session_hash=somebody"
        if door.startswith("call"):
            target = f"call/search/{json.loads(said)['event_id']}"
        said = ask(server, f"/gradio_api/{target}").body
    assert b"not its address" in said
    assert listener.asked == 0
