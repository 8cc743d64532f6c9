"""The daily hunt in Chromium: seen for a moment, searched, found or given up, and shared without a hint."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.e2e.query_actions import wait_for_answer, write
from tests.e2e.test_results import serious
from webapp.hunt.choice import read_day, row_of_day

if TYPE_CHECKING:
    from gradio_client import Client
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

DAY = "2026-11-20"
SAID = "#hunt [role=status]"
GONE = "() => !document.querySelector('#hunt dialog').open"
PHONE: dict[str, Any] = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def action(name: str) -> str:
    return f"#hunt [data-action={name}]"


def wait_until_said(page: "Page", text: str) -> str:
    page.wait_for_function(
        "([said, text]) => document.querySelector(said)?.innerText.includes(text)", arg=[SAID, text]
    )
    return page.inner_text(SAID)


def look(page: "Page", time: str = "") -> None:
    """Show the picture, by default for as long as one likes."""
    page.select_option("#hunt select", time)
    page.click(action("show"))
    page.wait_for_selector(action("hide"))
    assert page.evaluate("document.querySelector('#hunt [data-part=picture]').naturalWidth") > 0


def goal(engine: "SearchEngine") -> str:
    return engine.gallery.id(row_of_day(read_day(DAY), engine.gallery))


def place(engine: "SearchEngine", words: str) -> int:
    found = engine.search(text=words, top_k=1, sought=goal(engine)).sought
    assert found is not None and found.rank is not None
    return found.rank


def test_a_picture_is_hunted_by_keyboard_with_time_that_can_be_stopped(open_page: "OpenPage") -> None:
    page = open_page()
    page.wait_for_selector("#hunt [data-ready]")
    page.focus(action("begin"))
    page.keyboard.press("Enter")
    assert serious(page) == []
    page.clock.install(time=datetime(2026, 11, 26, tzinfo=UTC))
    page.clock.pause_at(datetime(2026, 11, 26, 0, 1, tzinfo=UTC))  # no time passes but here
    page.focus(action("show"))
    page.keyboard.press("Enter")
    page.wait_for_selector("#hunt [role=timer] >> text=5 seconds left")
    page.clock.fast_forward(2000)
    page.wait_for_selector("#hunt [role=timer] >> text=3 seconds left")
    page.focus(action("pause"))
    page.keyboard.press("Enter")
    page.wait_for_selector("#hunt [role=timer] >> text=3 seconds left, paused")
    page.clock.fast_forward(60_000)
    assert page.locator("#hunt [data-part=picture]").is_visible()
    page.keyboard.press("Enter")
    page.clock.fast_forward(4000)
    page.wait_for_function(GONE)
    assert "Now draw what you saw" in page.inner_text(SAID)
    page.wait_for_function("() => document.activeElement.matches('#sketch canvas')")
    assert page.locator("#hunt [data-part=picture]").get_attribute("src") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_search_says_the_rank_and_giving_up_shows_the_picture(
    open_page: "OpenPage", engine: "SearchEngine", theme: str
) -> None:
    words = next(words for words in ("red", "a line", "green", "blue arc") if place(engine, words) > 1)
    page = open_page(f"?__theme={theme}#hunt={DAY}&rank=3&searches=4", **PHONE)
    page.wait_for_selector("#hunt dialog[open]")
    assert "rank 3 in 4 searches" in page.inner_text("#hunt [data-part=challenge]")
    look(page)
    assert serious(page) == []
    page.click(action("hide"))
    page.wait_for_function(GONE)
    write(page, words)
    page.click("#go")
    wait_for_answer(page, "used your words only")
    said = wait_until_said(page, "Your picture is at rank")
    assert f"at rank {place(engine, words)} of 16 (1 search, 1 look)" in said
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.reload()
    page.wait_for_selector("#hunt [data-ready]")
    assert f"at rank {place(engine, words)} of 16 (1 search, 1 look)" in page.inner_text(SAID)
    page.click(action("giveUp"))
    page.wait_for_function("() => document.querySelector('#hunt [data-part=revealed]').naturalWidth > 0")
    assert f"as near as rank {place(engine, words)}" in page.inner_text(SAID)
    assert serious(page) == []
    page.click(action("share"))
    page.wait_for_selector("#hunt textarea:visible")
    shared = page.input_value("#hunt textarea")
    assert f"hunt={DAY}&" in shared and f"rank={place(engine, words)}&searches=1" in shared
    assert goal(engine) not in shared and not re.search(r"file=|query=", shared)
    page.click(action("end"))
    assert page.locator(action("begin")).is_visible()


def day_of(engine: "SearchEngine", id: str) -> str:
    """A day on which a picture is hunted: as many days as there are pictures have each of them."""
    days = (read_day(DAY) - timedelta(days=number) for number in range(len(engine.gallery)))
    return next(day for day in days if engine.gallery.id(row_of_day(day, engine.gallery)) == id).isoformat()


def test_a_search_that_has_it_first_ends_the_hunt(open_page: "OpenPage", engine: "SearchEngine") -> None:
    words = "a red one"
    page = open_page(f"#hunt={day_of(engine, engine.search(text=words).results[0].id)}")
    page.wait_for_selector("#hunt dialog[open]")
    look(page)
    page.keyboard.press("Escape")
    page.wait_for_function(GONE)
    write(page, words)
    page.click("#go")
    assert wait_until_said(page, "Found!") == "Found! Your picture came first, after 1 search, 1 look."
    page.wait_for_function("() => document.querySelector('#hunt [data-part=revealed]').naturalWidth > 0")
    assert page.locator(action("giveUp")).is_hidden()


def test_the_endpoint_names_the_picture_of_a_day(
    client: "Client", engine: "SearchEngine", drawing: Path
) -> None:
    import httpx
    from gradio_client import handle_file

    hunt = client.predict(DAY, api_name="/hunt")
    assert set(hunt) == {"day", "gallery", "id", "metadata", "image"}
    assert (hunt["day"], hunt["id"]) == (DAY, goal(engine))
    shown = httpx.get(hunt["image"])
    assert shown.status_code == 200 and shown.headers["content-type"] == "image/jpeg"
    answer = client.predict(handle_file(drawing), None, 1, sought=hunt["id"], api_name="/search")
    expected = engine.search(Image.open(drawing), top_k=1, sought=hunt["id"]).sought
    assert answer["sought"] == (expected and expected._asdict())
