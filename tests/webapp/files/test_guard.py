"""Which paths get through to Gradio: its own page, and files of the upload folder by their plain paths."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from webapp.files.guard import REFUSAL, FileGuard, is_open

UPLOADS = Path("/tmp/uploads")
OPEN = [
    "/",
    "/config",
    "/assets/index-1.js",
    "/gradio_api/upload",
    "/gradio_api/call/search",
    "/gradio_api/queue/data",
    f"/gradio_api/file={UPLOADS}/shown-1/picture.jpeg",
    f"/gradio_api/file={UPLOADS}/abc/50% off.png",
    f"/under/a/proxy/gradio_api/file={UPLOADS}/abc/drawing.png",
]
ADDRESSES = ["http://h/x", "HTTP://h/x", "https:/h/x", "https:h", " https://h", "\thttp://h", "ftp://h/x"]
ENCODED = ["%68ttp://h/x", "http%3A//h/x", "http%253A%252F%252Fh", "%2e%2e/etc/passwd", r"http:\\h\x"]
PLACES = [
    "",
    "/etc/passwd",
    "//h/x",
    "/" + "/h/x",
    r"\\h\x",
    "app.py",
    "../app.py",
    "/tmp/uploads-of-others/x",
    f"{UPLOADS}/../secret",
    f"{UPLOADS}/abc/..\\..\\secret",
    f"http://h{UPLOADS}/x",
]


@pytest.mark.parametrize("path", OPEN)
def test_what_the_page_needs_gets_through(path: str) -> None:
    assert is_open(path, UPLOADS)


@pytest.mark.parametrize("target", [*ADDRESSES, *ENCODED, *PLACES])
@pytest.mark.parametrize("prefix", ["/gradio_api/file=", "/under/gradio_api/file="])
def test_no_other_file_and_no_address_gets_through(prefix: str, target: str) -> None:
    assert not is_open(prefix + target, UPLOADS)


@pytest.mark.parametrize(
    "disguised",
    [
        "//gradio_api/file=",
        "/gradio_api//file=",
        "/gradio_api/FILE=",
        "/Gradio_API/file=",
        "/gradio_api/file%3D",
        "/gradio_api/fil%65=",
        "/gradio_api%2Ffile=",
        "/gradio_api%252Ffile=",
        "\\gradio_api\\file=",
    ],
)
def test_a_path_that_gradio_does_not_know_today_is_no_way_round(disguised: str) -> None:
    assert not is_open(f"{disguised}http://h/x", UPLOADS)


@pytest.mark.parametrize("name", ["proxy=https://h.hf.space/x", "file/etc/passwd", "process_recording"])
def test_what_the_page_never_uses_is_closed(name: str) -> None:
    assert not is_open(f"/gradio_api/{name}", UPLOADS)


def test_a_relative_upload_folder_is_one_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_open("/gradio_api/file=uploads/abc/drawing.png", Path("uploads"))
    assert is_open(f"/gradio_api/file={tmp_path}/uploads/drawing.png", Path("uploads"))
    assert not is_open("/gradio_api/file=secret", Path("uploads"))
    assert not is_open("/gradio_api/file=http://h/x", Path("."))


@pytest.mark.parametrize("name", ["a\0b", "a" * 256, "é" * 128])
def test_what_can_be_no_files_name_is_refused(name: str) -> None:
    assert not is_open(f"/static/{name}", UPLOADS)
    assert not is_open(f"/gradio_api/file={UPLOADS}/{name}", UPLOADS)
    assert is_open(f"/static/{'a' * 255}/{'é' * 127}", UPLOADS)


def test_a_refusal_says_why_and_every_answer_is_what_it_says_it_is() -> None:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("the page")(scope, receive, send)

    async def ask(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(FileGuard(page, UPLOADS))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path)

    with ThreadPoolExecutor() as threads:  # this thread has Playwright's loop once a browser is open
        served, refused = threads.map(asyncio.run, (ask("/"), ask("/gradio_api/file=http://h/x")))
    assert (served.status_code, served.text) == (200, "the page")
    assert (refused.status_code, refused.json()) == (403, REFUSAL)
    for answer in (served, refused):
        assert answer.headers["x-content-type-options"] == "nosniff"
