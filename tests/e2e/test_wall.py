"""Before a search the page shows what there is, and lists go on where somebody scrolls, in Chromium."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stnet.search.browsing import browse
from tests.e2e.conftest import CREDIT
from tests.e2e.query_actions import wait_for_answer, write
from tests.e2e.test_results import serious, title

if TYPE_CHECKING:
    from gradio_client import Client
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

# of the wall and what is in it, from now on
WATCH_SHIFTS = """() => {
    window.shifted = 0;
    const isOurs = ({ node }) => node?.nodeType === Node.ELEMENT_NODE && node.closest("#results") !== null;
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) if (shift.sources.some(isOurs)) window.shifted += shift.value;
    }).observe({ type: "layout-shift" });
}"""


def wait_for_wall(page: "Page", count: int) -> None:
    page.wait_for_function(
        "count => document.querySelectorAll('#results .wall-item img').length === count", arg=count
    )


def wall_ids(page: "Page") -> list[str]:
    images = page.locator("#results .wall-item img").all()
    return [(image.get_attribute("alt") or "").split(": ", 1)[-1] for image in images]


def type_and_search(page: "Page", words: str = "a red one") -> None:
    write(page, words)
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item img")


@pytest.mark.parametrize(("theme", "width", "height"), [("light", 1280, 800), ("dark", 390, 844)])
def test_an_empty_page_shows_the_collection_and_nothing_moves_when_it_comes(
    open_page: "OpenPage", engine: "SearchEngine", theme: str, width: int, height: int
) -> None:
    page = open_page(f"?__theme={theme}", width=width, height=height)
    page.evaluate(WATCH_SHIFTS)
    wait_for_wall(page, 16)
    page.wait_for_function("() => document.querySelector('#results .wall-item img').naturalWidth > 0")
    assert wall_ids(page) == [picture.id for picture in browse(engine.gallery).pictures]
    assert page.evaluate("window.shifted") < 0.01
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    buttons = [page.locator(where).bounding_box() for where in ("#go", "#results .wall-item >> nth=0")]
    assert buttons[0] is not None and buttons[1] is not None
    assert buttons[0]["y"] + buttons[0]["height"] <= height  # the wall pushes nothing down


def test_a_picture_of_the_wall_is_seen_large_with_its_credits(open_page: "OpenPage") -> None:
    page = open_page()
    wait_for_wall(page, 16)
    page.locator("#results .wall-item").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#results dialog[open]")
    assert title(page) == "Picture 2 of 16"
    about = page.inner_text("#results dialog dl")
    assert CREDIT["author"] in about and "score" not in about
    for name in ("away", "text"):  # there is nothing yet that it could be said of
        assert page.locator(f"#results [data-action={name}]").is_hidden()
    page.keyboard.press("ArrowRight")
    assert title(page) == "Picture 3 of 16"
    page.click("#results [data-action=similar]")
    wait_for_answer(page, "used the picture")
    assert page.locator("#results .wall-item").count() == 0
    page.click("#results [data-action=unlike]")  # and the wall is back, without a request
    wait_for_wall(page, 16)
    assert page.evaluate("document.activeElement.classList.contains('wall-item')")


def test_clear_brings_the_wall_back(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    wait_for_wall(page, 16)
    before = wall_ids(page)
    draw(page)
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item img")
    assert page.locator("#results .wall-item").count() == 0
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "queue/join" in request.url else None)
    page.click("#clear")
    wait_for_wall(page, 16)
    assert wall_ids(page) == before
    assert len(asked) == 1  # to clear


def test_pictures_glide_to_their_places_where_motion_is_welcome(open_page: "OpenPage") -> None:
    moved = "() => document.querySelector('#results .results-grid').getAnimations({ subtree: true }).length"
    for welcome in ("no-preference", "reduce"):
        page = open_page(reduced_motion=welcome)
        wait_for_wall(page, 16)
        page.evaluate(
            """moved => new MutationObserver(() => { window.moved = eval(`(${moved})()`); }).observe(
                document.querySelector("#results .results-grid"), { childList: true })""",
            moved,
        )
        type_and_search(page)
        page.wait_for_function("() => window.moved !== undefined")
        assert (page.evaluate("window.moved") > 0) is (welcome == "no-preference")


@pytest.mark.parametrize("way", ["button", "wheel", "large view"])
def test_the_next_results_come_until_the_gallery_ends(
    open_page: "OpenPage", engine: "SearchEngine", way: str
) -> None:
    page = open_page()
    type_and_search(page)
    said = page.locator("#results [data-part=more-said]")
    assert page.locator("#results .thumbnail-item").count() == 12
    assert said.inner_text() == "12 of 16"
    if way == "button":
        page.focus("#results [data-action=more]")
        page.keyboard.press("Enter")
    elif way == "wheel":
        page.locator("#results [data-action=more]").scroll_into_view_if_needed()
        page.wait_for_function(
            """() => document.querySelector("#results [data-part=more]").getBoundingClientRect().bottom
                <= innerHeight"""
        )
        page.mouse.wheel(0, 300)
    else:
        page.locator("#results .thumbnail-item").nth(11).click()
        page.wait_for_selector("#results dialog[open]")
        page.keyboard.press("ArrowRight")
    page.wait_for_selector("#results .thumbnail-item >> nth=15", state="attached")
    expected = engine.search(text="a red one", top_k=16).results
    images = page.locator("#results .thumbnail-item img").all()
    shown = [(image.get_attribute("alt") or "").split(": ", 1)[1] for image in images]
    assert shown == [result.id for result in expected]
    bars = page.locator("#results .results-filled").evaluate_all("all => all.map(one => one.style.width)")
    widths = [float(bar.removesuffix("%")) for bar in bars]
    assert widths == sorted(widths, reverse=True)
    assert page.locator("#results [data-part=more]").is_hidden()
    if way == "button":
        assert page.evaluate(
            "document.activeElement === document.querySelectorAll('#results .thumbnail-item')[12]"
        )
    if way == "large view":
        page.wait_for_function(
            "() => document.querySelector('#results dialog h2').innerText.startsWith('Result 13')"
        )


def test_nothing_more_is_asked_for_while_nobody_scrolls(open_page: "OpenPage") -> None:
    page = open_page(height=2000)  # the end of the list is in sight
    wait_for_wall(page, 16)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "queue/join" in request.url else None)
    type_and_search(page)
    page.wait_for_function(
        "() => [...document.querySelectorAll('#results img')].every((one) => one.complete)"
    )
    assert page.locator("#results .thumbnail-item").count() == 12
    assert len(asked) == 1


def test_programs_browse_too(client: "Client", engine: "SearchEngine", tmp_path: Path) -> None:
    import httpx

    wall = client.predict(offset=3, count=4, api_name="/browse")
    expected = browse(engine.gallery, 3, 4)
    assert {name: wall[name] for name in ("gallery", "offset", "total")} == {
        "gallery": {"name": "built", "size": 16},
        "offset": 3,
        "total": 16,
    }
    assert [one["id"] for one in wall["pictures"]] == [picture.id for picture in expected.pictures]
    assert httpx.get(wall["pictures"][0]["image"]).content == expected.pictures[0].picture_bytes
