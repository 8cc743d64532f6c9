"""Requests that Gradio must not see: it would ask other hosts for them, or hand out files of others."""

import os
import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_API = "/gradio_api/"
_FILE = f"{_API}file="
# fetches; the old name of file=; starts a video converter; keeps a session in a file; never ends
_UNUSED = ("proxy=", "file/", "process_recording", "deep_link", "dev/")
_CLOSED = tuple(_API + name for name in _UNUSED)
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
REFUSAL = {"detail": "Not allowed: this server hands out its own pictures and fetches nothing"}
_LONGEST_NAME = 255  # bytes that file systems take
_MOST_ENCODINGS = 5  # percent signs within percent signs; nobody needs one


class FileGuard:
    """ASGI middleware: of files, only shown pictures and uploads are served, and nothing from elsewhere.

    Gradio fetches the address that stands behind file= and hands on the answer, whatever its length. So what
    may stand there is said here: the path of a file in the upload folder, as the server itself writes it.
    Browsers are told to take every answer for what it says it is: an upload never becomes a page.

    Args:
        app: what comes behind it.
        uploads: the folder of what may be served.
    """

    def __init__(self, app: ASGIApp, uploads: Path) -> None:
        self._app, self._uploads = app, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Content-Type-Options"] = "nosniff"
            await send(message)

        allowed = is_open(scope["path"], self._uploads)
        answer = self._app if allowed else JSONResponse(REFUSAL, status_code=403)
        await answer(scope, receive, send_marked)


def is_open(path: str, uploads: Path) -> bool:
    """Whether a request of this path may reach Gradio.

    Args:
        path: of a request, decoded once, as ASGI has it.
        uploads: the folder of what may be served as file=.
    """
    if "\0" in path or any(len(name.encode()) > _LONGEST_NAME for name in path.split("/")):
        return False  # no file can be called so, and to ask for it is an error where nobody expects one
    plain = _without_disguise(path)
    if any(closed in plain for closed in _CLOSED):
        return False
    if _FILE not in plain:
        return True
    return _is_in(uploads, path.partition(_FILE)[2])


def _is_in(folder: Path, file: str) -> bool:
    """Whether this is the plain path of something in the folder, whether it exists or not."""
    if not file or _SCHEME.match(file) or "\\" in file or ".." in PurePosixPath(file).parts:
        return False
    return Path(os.path.abspath(file)).is_relative_to(os.path.abspath(folder))


def _without_disguise(path: str) -> str:
    """The path as somebody could read it who is more lenient than Gradio is today."""
    for _ in range(_MOST_ENCODINGS):
        path = unquote(path)
    return re.sub("/+", "/", path.replace("\\", "/")).lower()
