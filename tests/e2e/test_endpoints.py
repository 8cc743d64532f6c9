"""The endpoints as programs use them: through gradio_client and as plain HTTP."""

import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

if TYPE_CHECKING:
    from gradio_client import Client

    from stnet.search import SearchEngine

KEYS = {"query", "gallery", "model", "timings_ms", "match", "guesses", "total", "sought", "results"}
RESULT_KEYS = {"rank", "id", "score", "percentile", "box", "boxes", "metadata", "image", "heatmap"}


def ranking(answer: dict[str, Any]) -> list[tuple[str, float]]:
    return [(result["id"], result["score"]) for result in answer["results"]]


def call(server: str, data: list[Any]) -> str:
    """One plain HTTP call of /search; the text of the event stream that answers it."""
    sent = httpx.post(f"{server}/gradio_api/call/search", json={"data": data}, timeout=60)
    assert sent.status_code == 200, sent.text
    return httpx.get(f"{server}/gradio_api/call/search/{sent.json()['event_id']}", timeout=60).text


def refused(client: "Client", **query: Any) -> str:
    """The text with which /search refuses a query."""
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError) as failure:
        client.predict(**query, api_name="/search")
    return str(failure.value)


def test_search_answers_as_documented(client: "Client", drawing: Path) -> None:
    from gradio_client import handle_file

    answer = client.predict(handle_file(drawing), "a red one", 5, api_name="/search")
    assert set(answer) == KEYS
    assert answer["query"] == {
        "mode": "sketch+text",
        "text": "a red one",
        "truncated": False,
        "excluded": "",
        "things": 1,
        "balance": 0.0,
    }
    assert answer["gallery"] == {"name": "built", "size": 16}
    assert set(answer["timings_ms"]) == {"encode", "candidates", "rerank", "localize", "total"}
    assert [result["rank"] for result in answer["results"]] == [1, 2, 3, 4, 5]
    for result in answer["results"]:
        assert set(result) == RESULT_KEYS
        assert -1 <= result["score"] <= 1
        assert 0 <= result["percentile"] <= 100
        x0, y0, x1, y1 = result["box"]
        assert 0 <= x0 <= x1 <= 1
        assert 0 <= y0 <= y1 <= 1


def test_the_pictures_of_an_answer_can_be_fetched(client: "Client", drawing: Path) -> None:
    from gradio_client import handle_file

    answer = client.predict(handle_file(drawing), top_k=2, api_name="/search")
    for result in answer["results"]:
        for address in (result["image"], result["heatmap"]):
            response = httpx.get(address)
            assert response.headers["content-type"] == "image/jpeg"
            assert Image.open(io.BytesIO(response.content)).size == (96, 96)


def test_a_half_may_be_missing(client: "Client", drawing: Path) -> None:
    from gradio_client import handle_file

    assert client.predict(None, "a red one", api_name="/search")["query"]["mode"] == "text"
    assert client.predict(handle_file(drawing), None, api_name="/search")["query"]["mode"] == "sketch"


def test_the_balance_may_come_last(client: "Client", drawing: Path) -> None:
    from gradio_client import handle_file

    by_words = client.predict(handle_file(drawing), "a red one", 5, -1, api_name="/search")
    assert by_words["query"] == {
        "mode": "text",
        "text": "a red one",
        "truncated": False,
        "balance": -1.0,
        "excluded": "",
        "things": 0,
    }
    assert ranking(by_words) == ranking(client.predict(None, "a red one", 5, api_name="/search"))
    between = client.predict(handle_file(drawing), "a red one", 5, balance=0.4, api_name="/search")
    assert between["query"]["balance"] == 0.4
    assert "balance must be a number from -1" in refused(client, text="a red one", balance=1.5)


def test_paper_and_pen_do_not_matter(client: "Client", drawing: Path, transparent_drawing: Path) -> None:
    from gradio_client import handle_file

    plain = client.predict(handle_file(drawing), "a red one", api_name="/search")
    transparent = client.predict(handle_file(transparent_drawing), "a red one", api_name="/search")
    assert ranking(plain) == ranking(transparent)


def test_similar_pictures_have_no_heat_map(client: "Client") -> None:
    answer = client.predict("blue arc.png", 4, api_name="/similar")
    assert answer["query"]["mode"] == "similar"
    assert len(answer["results"]) == 4
    assert "blue arc.png" not in [result["id"] for result in answer["results"]]
    assert all(result["heatmap"] is None and result["box"] is None for result in answer["results"])


@pytest.mark.parametrize("top_k", [0, 10_000, -1, 2.5, "7", None, True])
def test_a_count_out_of_range_is_refused(client: "Client", top_k: Any) -> None:
    assert "whole number from 1 to 50" in refused(client, text="a red one", top_k=top_k)


def test_an_empty_query_is_refused(client: "Client", tmp_path: Path) -> None:
    from gradio_client import handle_file

    Image.new("RGBA", (64, 64)).save(tmp_path / "blank.png")
    assert "Draw something or type a few words" in refused(client)
    assert "Draw something or type a few words" in refused(
        client, sketch=handle_file(tmp_path / "blank.png"), text=" \n "
    )


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)], ids=["empty", "text", "truncated"]
)
def test_a_file_that_is_no_picture_is_refused(client: "Client", tmp_path: Path, content: bytes) -> None:
    from gradio_client import handle_file

    (tmp_path / "broken.png").write_bytes(content)
    assert "can't be read" in refused(client, sketch=handle_file(tmp_path / "broken.png"))


def test_ten_thousand_characters_are_cut_and_that_is_said(client: "Client") -> None:
    answer = client.predict(None, "left of a green square " * 500, api_name="/search")
    assert answer["query"]["truncated"] is True


def test_an_unknown_picture_is_refused(client: "Client") -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match="No picture"):
        client.predict("../../etc/passwd", api_name="/similar")


def test_paths_and_addresses_are_refused_as_a_sketch(server: str) -> None:
    assert "must be an uploaded picture" in call(server, ["/etc/passwd", "a red one", 1])
    file = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    assert "event: error" in call(server, [file, "a red one", 1])
    unmarked = {"path": __file__}
    assert "must be an uploaded picture" in call(server, [unmarked, "a red one", 1])
    address = "https://198.51.100.7/drawing.png"
    remote = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
    assert "not its address" in call(server, [remote, "a red one", 1])


def test_plain_calls_may_leave_out_what_has_a_default(server: str) -> None:
    answers = [call(server, data) for data in ([None, "a red one", 3], [None, "a red one", 3, 0.5])]
    rankings = [ranking(json.loads(answer.split("data: ")[-1])[0]) for answer in answers]
    assert len(rankings[0]) == 3
    assert rankings[0] == rankings[1]
    assert "Draw something or type a few words" in call(server, [])


def test_where_another_caller_uploaded_a_file_cannot_be_guessed(server: str, drawing: Path) -> None:
    content = drawing.read_bytes()
    sent = httpx.post(f"{server}/gradio_api/upload", files={"files": ("circle.png", content)}).json()[0]
    uploaded = Path(sent)
    assert "event: complete" in call(server, [{"path": sent, "meta": {"_type": "gradio.FileData"}}, None, 1])
    guess = uploaded.parent.parent / hashlib.sha256(content).hexdigest() / uploaded.name
    assert guess != uploaded
    file = {"path": str(guess), "meta": {"_type": "gradio.FileData"}}
    assert "event: error" in call(server, [file, None, 1])


@pytest.mark.parametrize("path", ["/etc/passwd", "app.py", "../app.py"])
def test_only_shown_pictures_and_uploads_are_served(server: str, path: str) -> None:
    assert httpx.get(f"{server}/gradio_api/file={path}").status_code == 403


def test_only_these_endpoints_are_public(server: str, client: "Client") -> None:
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {"/search", "/similar", "/compare", "/browse", "/hunt"}
    parameters = [parameter["parameter_name"] for parameter in named["/search"]["parameters"]]
    first = ["sketch", "text", "top_k", "balance", "gallery", "exclude", "unlike", "several"]
    assert parameters == [
        *first,
        "hide_duplicates",
        "offset",
        "filters",
        "sought",
        "names",
        "heatmaps",
        "guess",
    ]
    described = httpx.get(f"{server}/gradio_api/info").json()["named_endpoints"]
    assert described["/search"]["description"].startswith("Find pictures by a sketch")


def test_every_door_gives_the_same_answer(
    client: "Client",
    engine: "SearchEngine",
    tiny_checkpoint: Path,
    tiny_gallery: Path,
    drawing: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from gradio_client import handle_file

    from stnet.search.__main__ import main

    words, away = "a red one at night", ["blue arc.png", "red arc.png"]
    by_python = engine.search(drawing, words, 7, balance=0.3, exclude="green", unlike=away).to_dict()
    asked: dict[str, Any] = {"balance": 0.3, "exclude": "green", "unlike": away}
    by_http = client.predict(handle_file(drawing), words, 7, **asked, api_name="/search")
    places = ["--checkpoint", str(tiny_checkpoint), "--gallery", str(tiny_gallery), "--device", "cpu"]
    query = ["--sketch", str(drawing), "--text", words, "--top-k", "7", "--balance", "0.3"]
    assert main([*query, "--exclude", "green", "--unlike", *away, "--json", *places]) == 0
    by_command_line = json.loads(capsys.readouterr().out)
    for other in (by_http, by_command_line):
        assert ranking(other) == ranking(by_python)
        assert [result["box"] for result in other["results"]] == [
            result["box"] for result in by_python["results"]
        ]
        assert {name: other[name] for name in ("query", "gallery", "model")} == {
            name: by_python[name] for name in ("query", "gallery", "model")
        }
