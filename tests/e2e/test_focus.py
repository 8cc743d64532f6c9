"""Where the keyboard goes on after every action, in Chromium: never from the top of the page again."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from stnet.search import SearchError
from tests.e2e.query_actions import WORDS, open_options, wait_for_answer, write
from tests.e2e.waiting import ANSWERS
from webapp.search_service import Answerer

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

TILE = "#results .thumbnail-item >> nth=0"
SKIP = ".skip a:focus"


def refuse(*_: object, **__: object) -> None:
    raise SearchError("That is not to be had.")


def press(page: "Page", selector: str) -> None:
    page.focus(selector)
    page.keyboard.press("Enter")


def search(page: "Page") -> None:
    write(page, "a red one")
    press(page, "#go")
    wait_for_answer(page, "used your words only")


def turn_away(page: "Page") -> None:
    search(page)
    press(page, TILE)
    press(page, "#results [data-action=away]")
    page.wait_for_selector("#results [data-action=readmit] >> text=not like 1 picture")


def more_like(page: "Page") -> None:
    search(page)
    press(page, TILE)
    press(page, "#results [data-action=similar]")
    wait_for_answer(page, "used the picture")


def clear(page: "Page") -> None:
    search(page)
    press(page, "#clear")
    page.wait_for_selector("#unclear")


def act(page: "Page", action: str) -> None:
    """Do it with the keyboard, and wait for what comes of it."""
    match action:
        case "search by the button":
            search(page)
        case "search by Enter":
            write(page, "a red one")
            press(page, WORDS)
            wait_for_answer(page, "used your words only")
        case "an empty search":
            press(page, "#go")
            page.wait_for_selector("#status >> text=Draw something")
        case "clear":
            clear(page)
        case "undo clear":
            clear(page)
            press(page, "#unclear")
            page.wait_for_selector("#unclear", state="hidden")
        case "an example":
            press(page, "#examples button >> nth=1")
            wait_for_answer(page, "used your drawing and your words")
        case "more like this":
            more_like(page)
        case "remove the chip of more like this":
            more_like(page)
            press(page, "#results [data-action=unlike]")
            wait_for_answer(page, "used your words only")
        case "not this":
            turn_away(page)
        case "remove the chip of not this":
            turn_away(page)
            press(page, "#results [data-action=readmit]")
            page.wait_for_selector("#results [data-action=readmit]", state="hidden")
        case "open the large view":
            search(page)
            press(page, TILE)
            page.wait_for_selector("#results dialog[open]")
        case "close the large view":
            search(page)
            press(page, TILE)
            press(page, "#results [data-action=close]")
            page.wait_for_selector("#results dialog", state="hidden")
        case "another number of results":
            search(page)
            open_options(page)
            page.focus("#top_k input[type=range]")
            page.keyboard.press("ArrowLeft")
            wait_for_answer(page, "showing the best 11")
        case "another balance":  # with words alone it would change nothing
            press(page, "#examples button >> nth=1")
            wait_for_answer(page, "used your drawing and your words")
            open_options(page)
            page.focus("#balance input[type=range]")
            before = page.evaluate(ANSWERS)
            page.keyboard.press("ArrowRight")
            page.wait_for_function(f"before => {ANSWERS} > before", arg=before)
        case "an error":
            write(page, "a red one")
            press(page, "#go")
            page.wait_for_selector("[data-testid=toast-body]")


@pytest.mark.parametrize(
    ("action", "place"),
    [
        ("search by the button", "#go"),
        ("search by Enter", WORDS),
        ("an empty search", "#go"),
        ("clear", "#clear"),
        ("undo clear", "#go"),
        ("an example", "#examples button:nth-of-type(2)"),
        ("more like this", "#results [data-action=unlike]"),
        ("remove the chip of more like this", "#results .thumbnail-item"),
        ("not this", "#results .thumbnail-item, #results [data-action=readmit]"),
        ("remove the chip of not this", "#results .thumbnail-item"),
        ("open the large view", "#results dialog h2"),
        ("close the large view", "#results li:first-child .thumbnail-item"),
        ("another number of results", "#top_k input[type=range]"),
        ("another balance", "#balance input[type=range]"),
        ("an error", "#go"),
    ],
)
def test_the_focus_is_where_one_goes_on(
    open_page: "OpenPage", monkeypatch: pytest.MonkeyPatch, action: str, place: str
) -> None:
    page = open_page()
    if action == "an error":
        monkeypatch.setattr(Answerer, "search", refuse)
    act(page, action)
    page.wait_for_function("place => document.activeElement.matches(place)", arg=place)


def test_names_that_were_guessed_leave_the_focus_at_the_search(open_page: "OpenPage") -> None:
    page = open_page()
    page.evaluate(
        """() => {
            const row = document.createElement("div");
            row.id = "guesses";
            row.innerHTML = "<button>fox?</button><button>none of these</button>";
            document.querySelector("#query").append(row);
        }"""
    )
    for gone in ("button => button.hidden = true", "button => button.remove()"):
        button = page.locator("#guesses button:visible").last
        button.focus()
        button.evaluate(gone)
        page.wait_for_function("() => document.activeElement.id === 'go'")


def test_a_link_leads_past_the_controls(open_page: "OpenPage") -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert page.locator(SKIP).inner_text() == "Skip to the results"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "status"  # before a search there is only this
    write(page, "a red one")
    page.press(WORDS, "Enter")
    wait_for_answer(page, "used your words only")
    address = page.url
    page.focus(WORDS)
    page.keyboard.press("Tab")
    box = page.locator(SKIP).bounding_box()
    assert box is not None and min(box["width"], box["height"]) >= 24
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement === document.querySelector('#results .thumbnail-item')")
    assert page.url == address
    page.keyboard.press("Shift+Tab")
    assert page.locator(SKIP).count() == 0
