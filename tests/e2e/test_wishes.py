"""Chips about an answer in Chromium: things that are drawn apart, and pictures that were turned away from."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.e2e.canvas_actions import draw as draw_stroke
from tests.e2e.query_actions import wait_for_answer
from tests.e2e.test_results import serious
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


def assert_every_thing_has_a_frame(page: "Page", boxes: list[list[float]]) -> None:
    """In the large view of the first result; a number leads the frame that is searched to its thing."""
    page.locator("#results .thumbnail-item").first.click()
    numbers = page.locator("#results dialog[open] .results-number")
    assert numbers.all_inner_texts() == ["1", "2"]
    stage = page.locator("#results dialog .results-stage").bounding_box()
    thing = page.locator("#results dialog .results-thing").nth(1).bounding_box()
    assert stage is not None and thing is not None
    x0, y0, _, y1 = boxes[1]
    assert thing["x"] == pytest.approx(stage["x"] + x0 * stage["width"], abs=1)
    assert thing["height"] == pytest.approx((y1 - y0) * stage["height"], abs=1)
    numbers.nth(1).focus()
    page.keyboard.press("Enter")
    assert numbers.nth(1).get_attribute("aria-pressed") == "true"
    assert page.locator("#results dialog .results-frame").bounding_box() == thing
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("#results dialog", state="hidden")


def test_the_strokes_of_each_thing_settle_in_its_own_frame_and_things_are_named(
    open_page: "OpenPage", engine: "SearchEngine"
) -> None:
    page = open_page(reduced_motion="no-preference")
    for stroke in (LEFT, RIGHT):
        draw_stroke(page, *stroke)
    page.click("#go")
    wait_for_answer(page, "used your drawing only")
    page.click(APART)
    page.wait_for_function(
        "chip => document.querySelector(chip).innerText.startsWith('2 things apart')", arg=APART
    )
    page.evaluate(
        """() => new MutationObserver((_, watcher) => {
            const styles = (name) => [...document.querySelectorAll(`#results dialog .results-${name}`)].map(
                (one) => one.style.cssText);
            if (styles("strokes").length === 0) return;
            window.settled = [styles("strokes"), styles("thing")];
            watcher.disconnect();
        }).observe(document.querySelector('#results dialog'), { childList: true, subtree: true })"""
    )
    page.locator("#results .thumbnail-item").first.click()
    page.wait_for_function("() => window.settled !== undefined")
    strokes, things = page.evaluate("() => window.settled")
    assert len(strokes) == 2 and strokes == things
    page.keyboard.press("Escape")
    page.wait_for_selector("#results dialog", state="hidden")
    assert_things_are_named(page, engine)


def assert_things_are_named(page: "Page", engine: "SearchEngine") -> None:
    """By the keyboard; the names stay in their boxes and in the link."""
    boxes = page.locator("#results [data-part=naming] input")
    assert boxes.count() == 2
    boxes.nth(0).fill("a red one")
    page.keyboard.press("Tab")
    page.keyboard.type("green")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.startsWith('#query=5.')")
    wait_for_answer(page, "used your drawing and your words")
    assert [box.input_value() for box in boxes.all()] == ["a red one", "green"]
    assert page.evaluate("document.activeElement.value") == "green"
    strokes = tuple(tuple(round(number) for point in stroke for number in point) for stroke in (LEFT, RIGHT))
    expected = engine.search(Sketch(strokes).draw(), several=True, names=["a red one", "green"])
    assert sorted(shown_ids(page)[:3]) == sorted(result.id for result in expected.results[:3])
    assert serious(page) == []


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
    assert_every_thing_has_a_frame(page, [list(box) for box in expected.results[0].boxes])
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
