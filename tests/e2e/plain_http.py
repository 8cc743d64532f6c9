"""Requests exactly as they are written: HTTP clients tidy up what an attacker wouldn't."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 60  # seconds; a machine that does nothing else needs milliseconds


@dataclass(frozen=True)
class Reply:
    """What a server answers; the names of the headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(server: str, target: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
    """One request of `target`, unchanged. An underscore in a header's name stands for a hyphen."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=PATIENCE)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, body, named)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, found, answer.read())
    finally:
        connection.close()


def post(server: str, target: str, value: Any) -> Reply:
    """One request with a value as JSON."""
    return ask(server, target, "POST", json.dumps(value).encode(), content_type="application/json")


def upload(server: str, name: str, content: bytes, **headers: str) -> Reply:
    """One upload of a file of this name."""
    part = f'--part\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    body = part.encode() + content + b"\r\n--part--\r\n"
    headers = {"content_type": "multipart/form-data; boundary=part", **headers}
    return ask(server, "/gradio_api/upload", "POST", body, **headers)


def call_search(server: str, data: list[Any], prefix: str = "") -> tuple[str, Any]:
    """One plain call of /search: "complete" or "error", and what comes with it; "" where none is begun.

    Args:
        prefix: the path under which a proxy serves it.
    """
    begun = post(server, f"{prefix}/gradio_api/call/search", {"data": data})
    if begun.status != 200:
        assert 400 <= begun.status < 500
        return "", None
    event = json.loads(begun.body)["event_id"]
    said = ask(server, f"{prefix}/gradio_api/call/search/{event}").body.decode()
    kind, _, value = said.strip().rpartition("event: ")[2].partition("\n")  # signs of life may come before
    return kind, json.loads(value.removeprefix("data: "))
