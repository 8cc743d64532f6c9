"""What can be seen without scrolling, before a search and after it, on the screens that people have."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.e2e.canvas_actions import paper

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
FIRST = "#results .thumbnail-item >> nth=0"
# more of them than a movement needs to begin
FRAMES = """() => new Promise((done) => {
    let left = 20;
    const next = () => (left-- > 0 ? requestAnimationFrame(next) : done());
    next();
})"""
SEES = """([selector, height]) => {
    const box = document.querySelector(selector).getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.top + Math.min(box.height, height) <= window.innerHeight;
}"""


def box(place: "Locator") -> tuple[float, float]:
    """Its upper and lower edge on the screen."""
    found = place.bounding_box()
    assert found is not None
    return found["y"], found["y"] + found["height"]


def ask(page: "Page", draw: "Draw", way: str) -> None:
    """Search in one of the ways that the page has."""
    if way == "an example":
        page.locator("#examples button").first.click()
        return
    draw(page)
    if way == "the button":
        page.click("#go")
    elif way == "Enter":
        page.locator("#text input, #text textarea").press("Enter")
    else:
        page.keyboard.press("Control+Enter")


def wait_until_seen(page: "Page", selector: str, height: float = 10_000) -> None:
    """Until it is in the window; of what is higher than `height` pixels, that much."""
    page.wait_for_function(SEES, arg=[selector, height])


@pytest.mark.parametrize("way", ["the button", "Enter", "Control and Enter", "an example"])
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_on_a_phone_an_answer_comes_into_view(
    open_page: "OpenPage", draw: "Draw", way: str, motion: str
) -> None:
    page = open_page(**PHONE, reduced_motion=motion)
    ask(page, draw, way)
    page.wait_for_selector(FIRST)
    wait_until_seen(page, "#status")
    wait_until_seen(page, "#results .thumbnail-item")


def test_who_wants_no_motion_gets_none(open_page: "OpenPage", draw: "Draw") -> None:
    moves = """() => {
        window.moves = [];
        const move = Element.prototype.scrollIntoView;
        Element.prototype.scrollIntoView = function (options) {
            window.moves.push(options.behavior);
            move.call(this, options);
        };
    }"""
    for motion, behavior in (("no-preference", "smooth"), ("reduce", "instant")):
        page = open_page(**PHONE, reduced_motion=motion)
        page.evaluate(moves)
        draw(page)
        page.click("#go")
        page.wait_for_function("() => window.moves.length > 0")
        assert page.evaluate("window.moves") == [behavior]


def test_an_answer_that_comes_while_somebody_goes_on_drawing_moves_nothing(
    open_page: "OpenPage", draw: "Draw"
) -> None:
    page = open_page(**PHONE)
    page.click("#options button")
    page.check("#live input")
    paper(page).scroll_into_view_if_needed()
    before = page.evaluate("window.scrollY")
    draw(page)
    page.wait_for_selector(FIRST)
    page.evaluate(FRAMES)
    assert page.evaluate("window.scrollY") == before


@pytest.mark.parametrize("width", [390, 768])
def test_in_one_column_nothing_that_opens_stands_between_the_button_and_the_answer(
    open_page: "OpenPage", draw: "Draw", width: int
) -> None:
    page = open_page(width=width, height=844)
    draw(page)
    page.click("#go")
    page.wait_for_selector(FIRST)
    (_, go), (status, end) = box(page.locator("#go")), box(page.locator("#status"))
    results, last = box(page.locator("#results"))
    assert go < status < end < results
    assert status - go < 40
    for name in ("#examples", "#options", "#photos"):
        assert box(page.locator(name))[0] > last


@pytest.mark.parametrize(
    ("width", "height"), [(1280, 650), (1366, 650), (1280, 800), (768, 1024), (1920, 1080), (390, 844)]
)
def test_paper_words_and_search_are_seen_together(open_page: "OpenPage", width: int, height: int) -> None:
    page = open_page(width=width, height=height)
    for selector in ("#title h1", "#sketch canvas", "#sketch [role=group]", "#text", "#go"):
        assert page.evaluate(SEES, [selector, 10_000]), selector
    side = paper(page).bounding_box()
    assert side is not None
    assert side["width"] == pytest.approx(side["height"], abs=1)
    assert side["width"] >= 300
    assert page.evaluate("window.scrollY") == 0


def test_a_window_that_is_too_low_for_all_keeps_a_paper_to_draw_on(open_page: "OpenPage") -> None:
    page = open_page(width=844, height=390)
    top, bottom = box(paper(page))
    assert 200 <= bottom - top <= 390
