"""Clear and its undoing, in Chromium: whatever the page held comes back, before the first answer, too."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.canvas_actions import bring, picture, tool, wait_until_said
from tests.e2e.query_actions import WORDS, open_options, set_number, wait_for_answer, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

COUNT = "#top_k input[type=number]"
BALANCE = "#balance input[type=number]"
HOLDS = "([box, number]) => document.querySelector(box).value === number"
READY = "#status >> text=pictures are ready"


def clear(page: "Page") -> None:
    page.click("#clear")
    wait_until_said(page, "Nothing is drawn yet.")
    page.wait_for_selector(READY)
    page.wait_for_function("box => document.querySelector(box).value === ''", arg=WORDS)


def names(page: "Page") -> list[str]:
    return [image.get_attribute("alt") or "" for image in page.locator("#results .thumbnail-item").all()]


def test_a_query_that_was_never_asked_comes_back(open_page: "OpenPage", draw: "Draw", tmp_path: Path) -> None:
    page = open_page()
    bring(page, "drop", picture(tmp_path), "image/png")
    wait_until_said(page, "A picture.")
    tool(page, "unpick").wait_for()
    assert not page.locator("#unclear").is_visible()
    write(page, "on the snow")
    open_options(page)
    set_number(page, "top_k", "3")
    set_number(page, "balance", "0.5")
    clear(page)
    page.wait_for_function(HOLDS, arg=[COUNT, "12"])
    page.click("#clear")  # nothing is lost by clearing an empty page
    page.click("#unclear")
    wait_until_said(page, "A picture.")
    assert page.input_value(WORDS) == "on the snow"
    for box, number in ((COUNT, "3"), (BALANCE, "0.5")):  # Gradio renders the paper before the numbers
        page.wait_for_function(HOLDS, arg=[box, number])
    page.wait_for_selector("#unclear", state="hidden")
    assert page.locator("#results .thumbnail-item").count() == 0


def test_an_answer_comes_back_with_its_chips_and_drawing_anew_takes_the_offer_away(
    open_page: "OpenPage", draw: "Draw"
) -> None:
    page = open_page()
    draw(page)
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "used your drawing and your words")
    page.click("#results .thumbnail-item >> nth=0")
    page.click("#results [data-action=away]")
    page.wait_for_selector("#results [data-action=readmit] >> text=not like 1 picture")
    shown, address = names(page), page.url
    clear(page)
    assert page.locator("#results .thumbnail-item").count() == 0
    draw(page)
    page.wait_for_selector("#unclear", state="hidden")
    tool(page, "undo").click()
    page.click("#unclear")
    wait_for_answer(page, "used your drawing and your words")
    page.wait_for_selector("#results [data-action=readmit] >> text=not like 1 picture")
    wait_until_said(page, "1 stroke.")
    assert (names(page), page.input_value(WORDS)) == (shown, "a red one")
    page.wait_for_function("address => location.href === address", arg=address)
    page.click("#results .thumbnail-item >> nth=1")
    page.click("#results [data-action=similar]")
    wait_for_answer(page, "used the picture")
    clear(page)
    page.click("#unclear")
    page.wait_for_selector("#results [data-action=unlike] >> text=like picture 2")
