""" "More like this", the frame and the settings in Chromium: what they change at once, and the way back."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.query_actions import open_options, set_number, take, wait_for_answer, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

CHIP = "#results [data-action=unlike]"
FOCUSED_RESULT = "() => document.activeElement.matches('#results .thumbnail-item')"


def shown_ids(page: "Page") -> list[str]:
    images = page.locator("#results .thumbnail-item img").all()
    return [(image.get_attribute("alt") or "").split(": ", 1)[1] for image in images]


def search(page: "Page", draw: "Draw") -> list[str]:
    draw(page)
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "used your drawing and your words")
    return shown_ids(page)


def ask_like(page: "Page", place: int, action: str = "similar") -> None:
    page.locator("#results .thumbnail-item").nth(place).click()
    page.wait_for_selector("#results dialog[open]")
    page.click(f"#results [data-action={action}]")
    wait_for_answer(page, "used the picture")


def test_more_like_this_has_a_chip_that_leads_back_and_keeps_the_focus(
    open_page: "OpenPage", draw: "Draw", engine: "SearchEngine"
) -> None:
    page = open_page()
    before = search(page, draw)
    assert page.locator(CHIP).is_hidden()
    ask_like(page, 2)
    assert page.inner_text(CHIP) == "like picture 3 ×"
    assert shown_ids(page) == [result.id for result in engine.similar(before[2], 12).results]
    page.wait_for_function("chip => document.activeElement.matches(chip)", arg=CHIP)
    page.keyboard.press("Enter")
    wait_for_answer(page, "used your drawing and your words")
    assert shown_ids(page) == before
    assert page.locator(CHIP).is_hidden()
    page.wait_for_function(FOCUSED_RESULT)
    assert page.evaluate("document.activeElement.querySelector('img').alt").endswith(before[2])
    ask_like(page, 0, "region")
    assert page.inner_text(CHIP) == "in the frame of picture 1 ×"


def test_the_number_of_results_and_the_balance_take_effect_at_once(
    open_page: "OpenPage", draw: "Draw", engine: "SearchEngine"
) -> None:
    page = open_page()
    open_options(page)
    set_number(page, "top_k", "7")  # before there is an answer it asks nothing
    assert page.locator("#results .thumbnail-item").count() == 0
    before = search(page, draw)
    assert len(before) == 7
    write(page, "words that nobody searches")
    page.locator("#top_k input[type=range]").fill("5")
    wait_for_answer(page, "showing the best 5")
    assert shown_ids(page) == before[:5]
    page.locator("#balance input[type=range]").fill("-1")
    wait_for_answer(page, "used your words only")
    assert shown_ids(page) == [result.id for result in engine.search(text="a red one", top_k=5).results]
    ask_like(page, 0)
    page.locator("#top_k input[type=range]").fill("3")
    wait_for_answer(page, "showing the best 3")
    assert page.locator(CHIP).is_visible()


@pytest.mark.parametrize("action", ["similar", "region"])
def test_links_and_code_ask_for_the_same(
    open_page: "OpenPage", draw: "Draw", tmp_path: Path, action: str
) -> None:
    page = open_page()
    before = search(page, draw)
    ask_like(page, 1, action)
    ids, link = shown_ids(page), take(page, "link")
    python, curl = take(page, "python"), take(page, "curl")
    run = subprocess.run(
        [sys.executable, "-c", python], capture_output=True, text=True, timeout=120, check=True
    )
    assert [line.split(" ", 2)[2] for line in run.stdout.splitlines() if line[:1].isdigit()] == ids
    run = subprocess.run(["sh", "-eu", "-c", curl], capture_output=True, text=True, timeout=120, check=True)
    assert [result["id"] for result in json.loads(run.stdout)[0]["results"]] == ids

    other = open_page(f"#{link.split('#')[1]}")
    wait_for_answer(other, "used the picture")
    assert shown_ids(other) == ids
    assert other.input_value("#text input, #text textarea") == "a red one"
    other.click(CHIP)
    wait_for_answer(other, "used your drawing and your words")
    assert shown_ids(other) == before
