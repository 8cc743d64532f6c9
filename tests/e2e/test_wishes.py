"""Chips about an answer in Chromium: things that are drawn apart, and pictures that were turned away from."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.canvas_actions import draw as draw_stroke
from tests.e2e.query_actions import wait_for_answer
from webapp.canvas.strokes import Sketch

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

APART, READMIT = "#results [data-action=apart]", "#results [data-action=readmit]"
LEFT = ((100, 100), (300, 100), (300, 300), (100, 300), (100, 100))
RIGHT = ((700, 650), (900, 650), (800, 850), (700, 650))


def shown_ids(page: "Page") -> list[str]:
    images = page.locator("#results .thumbnail-item img").all()
    return [(image.get_attribute("alt") or "").split(": ", 1)[1] for image in images]


def wait_for_other(page: "Page", before: list[str]) -> None:
    """Until other pictures are shown, or the same in another order."""
    page.wait_for_function(
        """before => {
            const shown = [...document.querySelectorAll('#results .thumbnail-item img')];
            return shown.length > 0 && shown.map((image) => image.alt.split(': ')[1]).join() !== before;
        }""",
        arg=",".join(before),
    )


def test_things_drawn_apart_are_offered_searched_and_kept_by_the_link(
    open_page: "OpenPage", engine: "SearchEngine"
) -> None:
    page = open_page()
    for stroke in (LEFT, RIGHT):
        draw_stroke(page, *stroke)
    page.click("#go")
    wait_for_answer(page, "used your drawing only")
    assert page.inner_text(APART) == "search for the 2 things apart"
    before = shown_ids(page)
    address = page.url
    page.focus(APART)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "chip => document.querySelector(chip).innerText.startsWith('2 things apart')", arg=APART
    )
    assert page.evaluate("chip => document.activeElement.matches(chip)", APART)
    strokes = tuple(tuple(round(number) for point in stroke for number in point) for stroke in (LEFT, RIGHT))
    expected = engine.search(Sketch(strokes).draw(), several=True)
    assert sorted(shown_ids(page)[:3]) == sorted(result.id for result in expected.results[:3])
    page.wait_for_function("before => location.href !== before", arg=address)
    several = open_page(f"#{page.url.split('#')[1]}")
    several.wait_for_selector(f"{APART} >> text=2 things apart")
    assert shown_ids(several) == shown_ids(page)
    page.click(APART)
    page.wait_for_function(
        "chip => document.querySelector(chip).innerText.startsWith('search for')", arg=APART
    )
    assert shown_ids(page) == before


def test_a_picture_that_is_turned_away_from_is_gone_until_it_is_readmitted(
    open_page: "OpenPage", draw: "Draw"
) -> None:
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    draw(page)
    page.click("#go")
    wait_for_answer(page, "used your drawing only")
    before = shown_ids(page)
    assert page.locator(READMIT).is_hidden()
    page.locator("#results .thumbnail-item").nth(1).click()
    page.wait_for_selector("#results dialog[open]")
    page.click("#results [data-action=away]")
    wait_for_other(page, before)
    assert before[1] not in shown_ids(page)
    assert page.inner_text(READMIT) == "not like 1 picture ×"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.go_back()
    page.wait_for_function("chip => document.querySelector(chip).hidden", arg=READMIT)
    assert shown_ids(page) == before
    page.go_forward()
    page.wait_for_selector(READMIT)
    page.click(READMIT)
    page.wait_for_function("chip => document.querySelector(chip).hidden", arg=READMIT)
    assert shown_ids(page) == before
