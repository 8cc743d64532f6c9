"""The same bad input through Python, the command line, HTTP and MCP: all take it or all refuse it."""

import io
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from stnet.search import SearchError
from tests.e2e.plain_http import ask, call_search, upload

if TYPE_CHECKING:
    from stnet.search import SearchEngine

BOUND = 30  # seconds; a machine that does nothing else needs a tenth of one
Ranking = list[tuple[str, float]] | None
WORDS = {
    "10 MB": "a red one " * 1_000_000,
    "one word of a megabyte": "x" * 1_000_000,
    "control characters": "a\x1b[31m red\x07 one\x08\x7f",
    "NUL": "a red\x00 one",
    "right to left": "\u202eeno der a\u202c قطة حمراء",
    "emoji": "🐧👩‍👩‍👧‍👦 red 🏳️‍🌈",
    "combining marks": "r" + "\u0301" * 5_000 + "ed",
    "HTML": "<script>alert(1)</script> a red one",
    "quotes and newlines": "a \"red\"\r\n'one' \\ `; DROP TABLE",
    "only stop words": "the of and a",
    "nothing but blanks": " \t\n\u00a0\u200b",
}


def by_http(server: str, text: Any, top_k: Any, balance: Any) -> Ranking:
    kind, value = call_search(server, [None, text, top_k, balance])
    if kind == "error":
        assert value["error"], "a refusal says why"
    return ranking(value[0]) if kind == "complete" else None


def by_mcp(server: str, text: Any, top_k: Any, balance: Any) -> Ranking:
    arguments = {"text": text, "top_k": top_k, "balance": balance}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    body = json.dumps(call | {"params": {"name": "search", "arguments": arguments}}).encode()
    accepted = "application/json, text/event-stream"
    answer = ask(server, "/mcp", "POST", body, content_type="application/json", accept=accepted)
    if answer.status != 200:
        assert 400 <= answer.status < 500
        return None
    said = answer.body.decode()
    start = said.find("data: ")
    result = json.loads(said[start + len("data: ") :] if start >= 0 else said).get("result")
    return None if result is None or result["isError"] else ranking(result["structuredContent"])


def by_python(engine: "SearchEngine", text: Any, top_k: Any, balance: Any) -> Ranking:
    try:
        return ranking(engine.search(None, text, top_k, balance=balance).to_dict())
    except SearchError as error:
        assert len(str(error)) < 1000
        return None


def by_command_line(text: Any, top_k: Any, places: list[str], capsys: pytest.CaptureFixture[str]) -> Ranking:
    from stnet.search.__main__ import main

    capsys.readouterr()
    try:
        code = main([f"--text={text}", f"--top-k={top_k}", "--json", *places])
    except SystemExit as refused:  # argparse
        code = int(str(refused.code))
    said = capsys.readouterr()
    assert code in (0, 2)
    if code:
        assert said.err.strip()
        return None
    return ranking(json.loads(said.out))


def ranking(answer: dict[str, Any]) -> Ranking:
    return [(result["id"], result["score"]) for result in answer["results"]]


@pytest.fixture(scope="module")
def places(tiny_checkpoint: Path, tiny_gallery: Path) -> list[str]:
    return ["--checkpoint", str(tiny_checkpoint), "--gallery", str(tiny_gallery), "--device", "cpu"]


@pytest.mark.parametrize("name", WORDS)
def test_strange_words_are_the_same_through_every_door(
    name: str, server: str, engine: "SearchEngine", places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text, begin = WORDS[name], time.monotonic()
    expected = by_python(engine, text, 5, 0.0)
    assert by_command_line(text, 5, places, capsys) == expected
    found = [by_http(server, text, 5, 0.0), by_mcp(server, text, 5, 0.0)]
    allowed = [expected, None] if len(text) > 1_000_000 else [expected]  # a server may bound what it takes
    assert all(one in allowed for one in found)
    assert time.monotonic() - begin < 4 * BOUND


@pytest.mark.parametrize(
    "top_k", [0, -1, 51, 10**30, 2.5, float("nan"), float("inf"), "7", None, True, [], {}]
)
def test_every_count_that_is_none_is_refused_through_every_door(
    top_k: Any, server: str, engine: "SearchEngine", places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert by_python(engine, "a red one", top_k, 0.0) is None
    assert by_http(server, "a red one", top_k, 0.0) is None
    assert by_mcp(server, "a red one", top_k, 0.0) is None
    if top_k != "7":  # on a command line everything is text
        assert by_command_line("a red one", top_k, places, capsys) is None


@pytest.mark.parametrize("balance", [float("nan"), float("inf"), 2, "0", [], True])
def test_a_balance_that_is_none_is_refused(balance: Any, server: str, engine: "SearchEngine") -> None:
    for found in (by_python(engine, "red", 5, balance), by_http(server, "red", 5, balance)):
        assert found is None
    assert by_mcp(server, "red", 5, balance) is None


@pytest.mark.parametrize(
    "name", ["..", "a/../../b.png", 'a"b.png', "a'b.png", "<b>.png", "a%0ab.png", "é🐧.png", "-rf", "a" * 255]
)
def test_a_file_may_be_called_anything(name: str, server: str, drawing: Path) -> None:
    answer = upload(server, name, drawing.read_bytes())
    if answer.status != 200:
        assert 400 <= answer.status < 500
        return
    (path,) = json.loads(answer.body)
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    assert call_search(server, [file, None, 1])[0] == "complete"


def test_where_a_photo_was_taken_is_never_served(
    server: str, engine: "SearchEngine", tiny_checkpoint: Path, tmp_path: Path
) -> None:
    from index_builder import build_gallery, open_source
    from stnet.gallery.gallery import Gallery
    from tests.galleries import draw_photo, load
    from webapp.search_service import Answerer

    (tmp_path / "photos").mkdir()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "secret camera", 6
    exif.get_ifd(0x8825)[1] = "N"
    picture = draw_photo(1)
    for format in ("JPEG", "PNG", "WEBP", "TIFF"):
        picture.save(tmp_path / "photos" / f"a.{format.lower()}", format, exif=exif)
    build_gallery(open_source(str(tmp_path / "photos")), load(tiny_checkpoint), tmp_path / "gallery")
    answerer = Answerer(engine.on(Gallery.open(tmp_path / "gallery")))
    shown = answerer.search(None, "a red one", 4).pictures
    assert len(shown) == 4
    for path in shown:
        content = Path(path).read_bytes()
        assert b"secret camera" not in content
        with Image.open(io.BytesIO(content)) as opened:
            assert not opened.getexif()
            assert opened.size == (64, 96)  # the turn that it named was made
    answerer.shelf.delete()
