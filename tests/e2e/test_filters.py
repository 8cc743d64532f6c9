"""Filters by what a gallery's metadata holds, in Chromium and from programs."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.query_actions import take, wait_for_answer, write
from tests.e2e.test_results import serious
from tests.galleries import make_photos
from webapp.share.link import query_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]

NIGHT = [f"photo-{number:02d}.png" for number in range(0, 20, 4)]
WALLED = "count => document.querySelectorAll('#results .wall-item img').length === count"


@pytest.fixture(scope="module")
def engine(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> "SearchEngine":
    """Twenty photos, every fourth of the night."""
    import torch

    from index_builder import build_gallery, open_source
    from stnet.checkpoint import load_model
    from stnet.search import SearchEngine

    root = tmp_path_factory.mktemp("filters")
    photos = make_photos(root / "photos", 20)
    known = [
        {"file_name": f"photo-{number:02d}.png", "light": "day" if number % 4 else "night"}
        for number in range(20)
    ]
    (photos / "metadata.jsonl").write_text("\n".join(map(json.dumps, known)))
    build_gallery(
        open_source(str(photos)), load_model(tiny_checkpoint, torch.device("cpu")), root / "gallery"
    )
    return SearchEngine.from_pretrained(tiny_checkpoint, root / "gallery", "cpu")


@pytest.fixture(scope="module")
def server(engine: "SearchEngine") -> Iterator[str]:
    from webapp.page import build, launch_options
    from webapp.search_service import Answerer

    page = build(Answerer(engine))
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_options())
    yield address.rstrip("/")
    page.close()


def shown_ids(page: "Page", kind: str) -> list[str]:
    images = page.locator(f"#results .{kind} img").all()
    return [(image.get_attribute("alt") or "").split(": ", 1)[-1] for image in images]


def choose(page: "Page", value: str) -> None:
    page.select_option("#results select[data-field=light]", value)


@pytest.mark.parametrize(("theme", "width", "height"), [("light", 1280, 800), ("dark", 390, 844)])
def test_the_wall_and_the_results_are_of_what_passes(
    open_page: "OpenPage", engine: "SearchEngine", theme: str, width: int, height: int
) -> None:
    page = open_page(f"?__theme={theme}", width=width, height=height)
    page.wait_for_function(WALLED, arg=20)
    offered = page.locator("#results select option").all_inner_texts()
    assert offered == ["any", "day (15)", "night (5)"]
    choose(page, "night")
    page.wait_for_function(WALLED, arg=5)
    assert sorted(shown_ids(page, "wall-item")) == NIGHT
    assert serious(page) == []
    write(page, "a red one")
    page.click("#go")  # the filter stays
    page.wait_for_selector("#results .thumbnail-item img")
    expected = [one.id for one in engine.search(text="a red one", filters={"light": "night"}).results]
    assert shown_ids(page, "thumbnail-item") == expected
    assert query_of(page.url.split("#")[1]).filters == (("light", "night"),)
    choose(page, "")
    page.wait_for_selector("#results .thumbnail-item >> nth=11")
    page.go_back()
    page.wait_for_function("() => document.querySelectorAll('#results .thumbnail-item').length === 5")
    assert page.input_value("#results select[data-field=light]") == "night"
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_link_holds_the_filters_with_a_query_or_without(open_page: "OpenPage") -> None:
    page = open_page()
    page.wait_for_function(WALLED, arg=20)
    choose(page, "night")
    page.wait_for_function(WALLED, arg=5)
    page.wait_for_function("() => location.hash.startsWith('#query=')")
    other = open_page(f"#{page.url.split('#')[1]}")
    other.wait_for_function(WALLED, arg=5)
    assert other.input_value("#results select[data-field=light]") == "night"
    write(other, "a red one")
    other.click("#go")
    wait_for_answer(other, "showing the best 5")
    link, code = take(other, "link"), take(other, "python")
    assert "filters={'light': 'night'}" in code
    third = open_page(f"#{link.split('#')[1]}")
    wait_for_answer(third, "showing the best 5")
    assert shown_ids(third, "thumbnail-item") == shown_ids(other, "thumbnail-item")
    third.click("#clear")
    third.wait_for_function(WALLED, arg=20)


def test_programs_filter_too(server: str) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    client = Client(server, verbose=False)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("/search", {"text": "a red one"}),
        ("/similar", {"id": "photo-01.png"}),
        ("/browse", {}),
    ]
    for name, query in asked:
        answer = client.predict(**query, filters={"light": "night"}, api_name=name)
        found = answer["pictures"] if name == "/browse" else answer["results"]
        assert sorted(one["id"] for one in found) == NIGHT
        assert answer["total"] == 5
        with pytest.raises(AppError, match="no picture with light = 'noon'; there is 'day', 'night'"):
            client.predict(**query, filters={"light": "noon"}, api_name=name)
