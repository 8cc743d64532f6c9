"""What /search and /similar give: heat maps are painted for who gets the files, and for nobody else."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.requests import Request

from stnet.search import SearchEngine, SearchResult
from tests.galleries import drawing, make_gallery
from webapp.api.http import heatmap_addresses, reply
from webapp.search_service import Answerer

BASE = "http://pictures.example"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> Answerer:
    folder = make_gallery(tmp_path_factory.mktemp("answers"), tiny_checkpoint, count=4)
    return Answerer(SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu"))


@pytest.fixture
def asking() -> Request:
    return Request(
        {"type": "http", "scheme": "http", "path": "/", "headers": [(b"host", b"pictures.example")]}
    )


def served(address: str) -> Path:
    return Path(unquote(address.removeprefix(f"{BASE}/gradio_api/file=")))


def test_the_pages_answer_paints_no_heat_map(
    answerer: Answerer, asking: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SearchResult, "overlay", lambda *_: pytest.fail("painted"))
    answer = reply(answerer.search(drawing(), "a red one", 3), asking, heatmaps=False)
    assert [result["heatmap"] for result in answer["results"]] == [None] * 3
    assert all(served(result["image"]).is_file() for result in answer["results"])


def test_an_api_answer_and_a_download_have_the_same_heat_maps(answerer: Answerer, asking: Request) -> None:
    answer: dict[str, Any] = reply(answerer.search(drawing(), "a red one", 3), asking)
    addresses = [result["heatmap"] for result in answer["results"]]
    assert all(served(address).is_file() for address in addresses)
    assert heatmap_addresses(answerer.search(drawing(), "a red one", 3), BASE) == addresses


def test_like_a_picture_has_no_heat_maps(answerer: Answerer, asking: Request) -> None:
    answer = reply(answerer.similar("photo-00.png", 3), asking)
    assert [result["heatmap"] for result in answer["results"]] == [None] * 3
