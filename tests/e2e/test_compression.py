"""What is text goes compressed to whoever takes it; pictures and streams go as they are."""

import json

import httpx
import pytest

from webapp.launching import LEAST_COMPRESSED

TAKES = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/", "/config"])
def test_html_and_json_are_compressed(server: str, path: str) -> None:
    plain = httpx.get(server + path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with httpx.stream("GET", server + path, headers=TAKES) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        sent = sum(map(len, answer.iter_raw()))
    assert LEAST_COMPRESSED < sent < 0.4 * len(plain.content)


def test_answers_come_as_a_stream_and_pictures_as_they_are(server: str) -> None:
    call = {"data": [None, "a red one", 3]}
    event = httpx.post(f"{server}/gradio_api/call/search", json=call).json()["event_id"]
    with httpx.stream(
        "GET", f"{server}/gradio_api/call/search/{event}", headers=TAKES, timeout=120
    ) as stream:
        assert "content-encoding" not in stream.headers
        (line,) = [line for line in stream.iter_lines() if line.startswith("data: [")]
    (answer,) = json.loads(line.removeprefix("data: "))
    picture = httpx.get(answer["results"][0]["image"], headers=TAKES)
    assert picture.headers["content-type"].startswith("image/")
    assert "content-encoding" not in picture.headers
