"""Two systems side by side, in Chromium and from a program."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stnet.search.query import read_query
from stnet.systems.serving import rank_gallery, serve
from tests.e2e.query_actions import open_options, take, wait_for_answer, write
from tests.e2e.test_results import serious
from webapp.compare.wording import DOES, NOT_SUCH

if TYPE_CHECKING:
    from gradio_client import Client
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

FILLED = "#compare .compare[data-filled]"
FIRST, SECOND = "#compare [data-part=first]", "#compare [data-part=second]"


def shown_ids(page: "Page", side: str) -> list[str]:
    images = page.locator(f"#compare [data-part={side}-tiles] img").all()
    return [(image.get_attribute("alt") or "").split(": ", 1)[1] for image in images]


def wait_for_columns(page: "Page", systems: str) -> None:
    """Until both columns are of these systems and nothing more is asked for."""
    page.wait_for_function(
        """systems => document.querySelector('#compare .compare[data-filled]') !== null
            && document.querySelector('#compare [aria-busy]') === null
            && new URLSearchParams(location.search).get('compare') === systems""",
        arg=systems,
    )


def test_two_systems_stand_side_by_side_and_the_link_keeps_them(
    open_page: "OpenPage", draw: "Draw", engine: "SearchEngine"
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    draw(page)
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "used your drawing and your words")
    assert page.locator("#compare section").is_hidden()
    open_options(page)
    page.focus("#compare-switch input")
    page.keyboard.press("Space")
    wait_for_columns(page, "stnet.average")
    assert page.locator("#results").is_hidden()
    plain = shown_ids(page, "first")
    assert plain == [
        (image.get_attribute("alt") or "").split(": ", 1)[1] for image in page.locator("#results img").all()
    ]
    page.select_option(SECOND, "text-only")
    wait_for_columns(page, "stnet.text-only")
    assert page.inner_text("#compare [data-part=second-does]") == DOES["text-only"]
    assert page.inner_text("#compare [data-part=second-used]") == "It used your words only."
    assert shown_ids(page, "first") == plain
    both = set(plain) & set(shown_ids(page, "second"))
    assert page.inner_text("#compare [data-part=said]").startswith(f"{len(both)} of the 12 pictures")
    assert page.locator("#compare [data-part=first-tiles] .compare-both").count() == len(both)
    words = engine.search(text="a red one")
    assert shown_ids(page, "second") == [result.id for result in words.results]
    link = take(page, "link")
    other = open_page(link.split("/", 3)[3])
    wait_for_columns(other, "stnet.text-only")
    assert shown_ids(other, "second") == shown_ids(page, "second")
    open_options(other)
    assert other.is_checked("#compare-switch input")
    other.uncheck("#compare-switch input")
    other.wait_for_selector("#results .thumbnail-item img")
    assert "compare" not in other.url


def test_each_search_is_compared_anew_and_what_cannot_be_is_said(open_page: "OpenPage") -> None:
    page = open_page("?compare=stnet.sketch-only")
    page.wait_for_selector("#compare section")
    assert "both systems will answer" in page.inner_text("#compare [data-part=said]")
    write(page, "a red one")
    page.click("#go")
    wait_for_columns(page, "stnet.sketch-only")
    assert page.inner_text("#compare [data-part=second-used]") == "It asks by a drawing: this query has none."
    assert shown_ids(page, "second") == [] and len(shown_ids(page, "first")) == 12
    before = shown_ids(page, "first")
    write(page, "left of a green square")
    page.click("#go")
    page.wait_for_function(
        """before => {
            const shown = [...document.querySelectorAll('#compare [data-part=first-tiles] img')];
            return shown.map((image) => image.alt.split(': ')[1]).join() !== before;
        }""",
        arg=",".join(before),
    )
    page.click("#clear")
    page.wait_for_selector(FILLED, state="detached")
    assert "both systems will answer" in page.inner_text("#compare [data-part=said]")


def test_what_is_like_a_picture_is_not_compared(open_page: "OpenPage") -> None:
    page = open_page()
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "used your words only")
    page.locator("#results .thumbnail-item").first.click()
    page.click("#results [data-action=similar]")
    wait_for_answer(page, "used the picture")
    open_options(page)
    page.check("#compare-switch input")
    page.wait_for_function(
        "said => document.querySelector('#compare [data-part=said]').innerText === said", arg=NOT_SUCH
    )
    assert page.locator("#results .thumbnail-item").count() == 12


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_serious_and_a_phone_scrolls_within_the_rows(
    open_page: "OpenPage", draw: "Draw", theme: str, width: int
) -> None:
    page = open_page(f"?__theme={theme}&compare=stnet.average", width=width)
    draw(page)
    page.click("#go")
    wait_for_columns(page, "stnet.average")
    page.mouse.move(0, 0)
    open_options(page)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tops = page.locator("#compare [data-part=first-tiles] li").evaluate_all(
        "tiles => new Set(tiles.map(tile => tile.getBoundingClientRect().top)).size"
    )
    assert (tops == 1) == (width < 640)


def test_the_endpoint_answers_as_documented(client: "Client", drawing: Path, engine: "SearchEngine") -> None:
    from gradio_client import handle_file
    from PIL import Image

    answer = client.predict(handle_file(drawing), "a red one", "average", "text-only", 4, api_name="/compare")
    assert set(answer) == {"query", "gallery", "model", "systems"}
    assert answer["query"] == {"mode": "sketch+text", "text": "a red one", "truncated": False}
    assert [(one["system"], one["used"]) for one in answer["systems"]] == [
        ("average", "sketch+text"),
        ("text-only", "text"),
    ]
    query = read_query(engine.loaded.processor, Image.open(drawing), "a red one")
    expected = rank_gallery(serve("average", engine.loaded), engine.gallery, query, 4)
    first, second = (one["results"] for one in answer["systems"])
    assert [one["id"] for one in first] == [engine.gallery.id(int(row)) for row in expected.rows]
    there = {one["id"]: one["rank"] for one in second}
    assert [one["other_rank"] for one in first] == [there.get(one["id"]) for one in first]
    assert set(first[0]) == {"rank", "id", "score", "percentile", "metadata", "image", "other_rank"}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"text": "red", "first": "nobody"}, "no system 'nobody'; there are stnet, two-stage"),
        ({"text": "red", "first": "two-stage"}, "can't name drawings"),
        ({}, "Draw something or type"),
        ({"text": "red", "top_k": 99}, "from 1 to 50"),
    ],
)
def test_the_endpoint_refuses_with_a_reason(client: "Client", query: dict[str, Any], message: str) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match=message):
        client.predict(**query, api_name="/compare")
