"""The search as an MCP client uses it: over streamable HTTP, with the official client."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest
from PIL import Image

from webapp.canvas import Sketch

if TYPE_CHECKING:
    from mcp import ClientSession
    from mcp.types import CallToolResult, Tool

    from stnet.search import SearchEngine

DIAMOND = [[512, 256, 768, 512, 512, 768, 256, 512, 512, 256]]
Result = TypeVar("Result")
WORDS = "a red one at night"


def in_session(server: str, use: Callable[["ClientSession"], Awaitable[Result]]) -> Result:
    """Open a session with the server, and what `use` makes of it."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def run() -> Result:
        async with (
            streamable_http_client(f"{server}/mcp") as (receive, send, _),
            ClientSession(receive, send) as session,
        ):
            await session.initialize()
            return await use(session)

    # Playwright keeps an event loop in this thread
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


def call(server: str, tool: str, **arguments: Any) -> "CallToolResult":
    return in_session(server, lambda session: session.call_tool(tool, arguments))


def answered(server: str, tool: str, **arguments: Any) -> dict[str, Any]:
    result = call(server, tool, **arguments)
    assert not result.isError, result.content
    assert result.structuredContent is not None
    assert json.loads(result.content[0].text) == result.structuredContent  # type: ignore[union-attr]
    return result.structuredContent


def refused(server: str, tool: str, **arguments: Any) -> str:
    result = call(server, tool, **arguments)
    assert result.isError
    return result.content[0].text  # type: ignore[union-attr]


def data_url(picture: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture.read_bytes()).decode()}"


def ranking(answer: dict[str, Any]) -> list[tuple[str, float]]:
    return [(result["id"], result["score"]) for result in answer["results"]]


def test_two_tools_are_offered_and_described(server: str) -> None:
    listing = in_session(server, lambda session: session.list_tools())
    tools: dict[str, Tool] = {tool.name: tool for tool in listing.tools}
    assert set(tools) == {"search", "similar"}
    assert set(tools["search"].inputSchema["properties"]) == {
        "sketch",
        "strokes",
        "text",
        "top_k",
        "balance",
        "gallery",
        "exclude",
        "unlike",
        "several",
        "hide_duplicates",
        "offset",
        "filters",
        "sought",
        "names",
        "guess",
    }
    for tool in tools.values():
        assert tool.description
        assert tool.description.startswith("Find pictures")
        assert tool.annotations is not None
        assert tool.annotations.readOnlyHint
        for argument in tool.inputSchema["properties"].values():
            assert argument["type"]
            assert argument["description"]


def test_a_picture_of_a_drawing_is_searched_by(server: str, engine: "SearchEngine", drawing: Path) -> None:
    answer = answered(server, "search", sketch=data_url(drawing), text=WORDS, top_k=7)
    expected = engine.search(drawing, WORDS, 7).to_dict()
    assert ranking(answer) == ranking(expected)
    for name in ("query", "gallery", "model"):
        assert answer[name] == expected[name]
    for result in answer["results"]:
        for address in (result["image"], result["heatmap"]):
            assert httpx.get(address).headers["content-type"] == "image/jpeg"


def test_strokes_are_drawn_as_the_page_draws_them(server: str, engine: "SearchEngine") -> None:
    drawn = Sketch(tuple(tuple(stroke) for stroke in DIAMOND)).draw()
    answer = answered(server, "search", strokes=DIAMOND, text=WORDS, balance=0.5)
    assert ranking(answer) == ranking(engine.search(drawn, WORDS, balance=0.5).to_dict())
    assert answer["query"]["balance"] == 0.5


def test_what_is_left_out_is_no_result(server: str, engine: "SearchEngine") -> None:
    answer = answered(server, "search", text=WORDS, exclude="green", unlike=["blue arc.png"])
    expected = engine.search(None, WORDS, exclude="green", unlike=["blue arc.png"]).to_dict()
    assert ranking(answer) == ranking(expected)
    assert answer["query"]["excluded"] == "green"
    assert "blue arc.png" not in {result["id"] for result in answer["results"]}


def test_a_half_may_be_missing_or_null(server: str) -> None:
    assert answered(server, "search", text=WORDS, sketch=None)["query"]["mode"] == "text"
    assert answered(server, "search", strokes=DIAMOND, text=None)["query"]["mode"] == "sketch"
    assert len(answered(server, "search", text=WORDS)["results"]) == 12


def test_similar_pictures(server: str, engine: "SearchEngine") -> None:
    answer = answered(server, "similar", id="blue arc.png", top_k=4)
    assert ranking(answer) == ranking(engine.similar("blue arc.png", 4).to_dict())
    assert all(result["heatmap"] is None for result in answer["results"])


@pytest.mark.parametrize(
    "sketch",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "https://198.51.100.7/drawing.png",
        "data:text/plain;base64,aGVsbG8=",
        "data:image/png,plain",
        "drawing.png",
    ],
)
def test_paths_and_addresses_are_refused_as_a_sketch(server: str, sketch: str) -> None:
    assert "never opened" in refused(server, "search", sketch=sketch, text=WORDS)


def test_a_file_of_the_server_is_refused_as_a_sketch(server: str, drawing: Path) -> None:
    """Gradio would read such an object as a file that was uploaded."""
    uploaded = httpx.post(f"{server}/gradio_api/upload", files={"files": drawing.read_bytes()}).json()[0]
    for path in ("/etc/passwd", str(drawing), uploaded):
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        assert "is not of type 'string'" in refused(server, "search", sketch=file)
        assert "never opened" in refused(server, "search", sketch=path)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({}, "Draw something or type a few words"),
        ({"text": WORDS, "top_k": 0}, "less than the minimum of 1"),
        ({"text": WORDS, "top_k": 51}, "greater than the maximum of 50"),
        ({"text": WORDS, "top_k": "7"}, "not of type 'integer'"),
        ({"text": WORDS, "top_k": 2.5}, "not of type 'integer'"),
        ({"text": WORDS, "balance": 2}, "greater than the maximum of 1"),
        ({"text": 5}, "not of type 'string'"),
        ({"words": WORDS}, "'words' was unexpected"),
        ({"sketch": "data:image/png;base64,!"}, "base64 can't be read"),
        ({"sketch": "data:image/png;base64,aGVsbG8="}, "can't be read: it is not a"),
        ({"sketch": "data:image/png;base64,aGVsbG8=", "strokes": DIAMOND}, "not both"),
        ({"strokes": [[1, 2, 3]]}, "two for each point"),
        ({"strokes": [[1, 2000]]}, "greater than the maximum of 1023"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(server: str, arguments: dict[str, Any], text: str) -> None:
    assert text in refused(server, "search", **arguments)


def test_an_unknown_picture_or_tool_is_refused(server: str) -> None:
    assert "No picture" in refused(server, "similar", id="../../etc/passwd")
    assert "call search or similar" in refused(server, "delete")


def test_what_breaks_inside_stays_inside(
    server: str, engine: "SearchEngine", monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("/secret/folder is gone")

    monkeypatch.setattr("webapp.search_service.PictureShelf.put", broken)
    assert refused(server, "search", text=WORDS) == "The search failed on the server; its log says why"
    assert "/secret/folder" in caplog.text


def test_a_page_of_another_site_is_refused(server: str) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"accept": "application/json, text/event-stream"}
    assert httpx.post(f"{server}/mcp", json=message, headers=accept).status_code == 200
    foreign = accept | {"origin": "https://example.org"}
    assert httpx.post(f"{server}/mcp", json=message, headers=foreign).status_code == 403
    renamed = accept | {"host": "example.org:7860"}
    assert httpx.post(f"{server}/mcp", json=message, headers=renamed).status_code == 421


def test_a_huge_sketch_is_refused_unread(server: str, tmp_path: Path) -> None:
    Image.effect_noise((2400, 2400), 90).save(tmp_path / "noise.png")
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search", "arguments": {"sketch": data_url(tmp_path / "noise.png")}},
    }
    accept = {"accept": "application/json, text/event-stream"}
    assert httpx.post(f"{server}/mcp", json=message, headers=accept).status_code == 413
