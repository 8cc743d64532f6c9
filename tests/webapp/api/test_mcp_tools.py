"""Galleries in MCP's tools; what else the tools do is asked through a server, in tests/e2e/test_mcp.py."""

from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from stnet.gallery.gallery import Gallery
from stnet.search import SearchEngine, SearchError
from tests.galleries import make_gallery
from webapp.api.mcp_tools import call_tool, tools
from webapp.search_service import Answerer

ASKING = Request({"type": "http", "scheme": "http", "path": "/", "headers": [(b"host", b"pictures.example")]})


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> Answerer:
    first, second = (
        make_gallery(tmp_path_factory.mktemp("gallery"), tiny_checkpoint, count=3, name=name)
        for name in ("First", "Second")
    )
    engine = SearchEngine.from_pretrained(tiny_checkpoint, first, "cpu")
    return Answerer(engine, engine.on(Gallery.open(second)))


def test_the_tools_name_the_galleries(answerer: Answerer) -> None:
    search, similar = tools(list(answerer.galleries))
    assert (search.name, similar.name) == ("search", "similar")
    for tool in (search, similar):
        described = tool.inputSchema["properties"]["gallery"]["description"]
        assert '"First" or "Second". The first unless given.' in described
    assert {"id", "image", "text", "region"} <= set(similar.inputSchema["properties"])


@pytest.mark.parametrize(
    ("tool", "query"), [("search", {"text": "red"}), ("similar", {"id": "photo-01.png"})]
)
def test_a_call_may_name_a_gallery(answerer: Answerer, tool: str, query: dict[str, Any]) -> None:
    for named, searched in (({}, "First"), ({"gallery": None}, "First"), ({"gallery": "Second"}, "Second")):
        answer = call_tool(answerer, tool, {**query, **named}, ASKING)
        assert answer["gallery"] == {"name": searched, "size": 3}
    with pytest.raises(SearchError, match="no gallery 'Third'; it has 'First', 'Second'"):
        call_tool(answerer, tool, {**query, "gallery": "Third"}, ASKING)
