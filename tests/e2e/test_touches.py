"""Which touches draw, in Chromium: not the palm beside a pen, and never two fingers.

Pens and fingers are the browser's own events, by its debugging protocol.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.e2e.canvas_actions import (
    at,
    draw_with_finger,
    draw_with_pen,
    finger,
    paper,
    pen,
    pixels,
    said,
    tool,
    wait_until_said,
)

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

    OpenPage = Callable[..., Page]
    Point = tuple[float, float]

MINUTE = 60_000  # milliseconds
LINES: "list[tuple[Point, Point]]" = [((100, y), (900, y)) for y in (200, 500, 800)]


@pytest.fixture
def tablet(open_page: "OpenPage") -> "tuple[Page, CDPSession]":
    page = open_page(width=820, height=1180, has_touch=True)
    paper(page).scroll_into_view_if_needed()
    return page, page.context.new_cdp_session(page)


def test_a_palm_after_a_pen_does_not_draw(tablet: "tuple[Page, CDPSession]") -> None:
    page, session = tablet
    page.clock.install()
    draw_with_pen(page, session, *LINES[0])
    wait_until_said(page, "1 stroke.")
    palms: list[tuple[Point, ...]] = [((900, 900),), ((900, 900), (905, 910)), LINES[1]]
    for palm in palms:
        draw_with_finger(page, session, *palm)
    assert said(page) == "1 stroke."
    page.clock.fast_forward(MINUTE // 2)
    draw_with_finger(page, session, *LINES[1])
    draw_with_pen(page, session, *LINES[2])
    wait_until_said(page, "2 strokes.")
    tool(page, "erase").click()
    draw_with_finger(page, session, *((500, y) for y in range(100, 1000, 100)))  # nor does it erase
    tool(page, "erase").click()
    assert said(page) == "2 strokes."
    assert "Fingers draw again a minute after your pen." in page.inner_text("#sketch")
    page.clock.fast_forward(MINUTE)
    draw_with_finger(page, session, *LINES[1])
    wait_until_said(page, "3 strokes.")


def test_a_palm_before_the_pen_does_not_draw(tablet: "tuple[Page, CDPSession]") -> None:
    page, session = tablet
    finger(session, "touchStart", at(page, 900, 900))
    finger(session, "touchMove", at(page, 850, 850))
    draw_with_pen(page, session, *LINES[0])
    wait_until_said(page, "1 stroke.")
    finger(session, "touchMove", at(page, 500, 850))
    finger(session, "touchEnd")
    assert said(page) == "1 stroke."


def test_a_palm_under_a_pen_that_hovers_does_not_draw(tablet: "tuple[Page, CDPSession]") -> None:
    page, session = tablet
    empty = pixels(page)
    pen(page, session, "mouseMoved", (300, 300))
    draw_with_finger(page, session, *LINES[1])
    assert said(page) == "Nothing is drawn yet."
    assert (pixels(page) == empty).all()


def test_a_palm_during_a_stroke_of_the_pen_leaves_it(tablet: "tuple[Page, CDPSession]") -> None:
    page, session = tablet
    pen(page, session, "mousePressed", (100, 200))
    finger(session, "touchStart", at(page, 900, 900))
    pen(page, session, "mouseMoved", (900, 200), pressed=True)
    finger(session, "touchMove", at(page, 500, 900))
    pen(page, session, "mouseReleased", (900, 200))
    wait_until_said(page, "1 stroke.")
    finger(session, "touchMove", at(page, 100, 900))
    finger(session, "touchEnd")
    assert said(page) == "1 stroke."


def test_a_pinch_leaves_nothing(tablet: "tuple[Page, CDPSession]") -> None:
    page, session = tablet
    empty = pixels(page)
    firsts: list[tuple[Point, ...]] = [
        ((500, 500),),
        ((500, 500), (480, 520)),
        ((500, 900), (500, 500), (500, 100)),
        ((500, 500), (500, 1100), (700, 1100), (700, 500)),  # out of the paper and back
    ]
    beside = (300, -100)
    for first in firsts:
        for second in ((300, 300), beside):
            finger(session, "touchStart", at(page, *first[0]))
            for point in first[1:]:
                finger(session, "touchMove", at(page, *point))
            for kind, reach in (("touchStart", 0), ("touchMove", 60), ("touchMove", 120)):
                spread = (first[-1][0] + reach, first[-1][1]), (second[0] - reach, second[1])
                finger(session, kind, *(at(page, *point) for point in spread))
            finger(session, "touchEnd", at(page, *first[-1]))
            finger(session, "touchMove", at(page, 100, 100))  # one finger stays, and moves on
            finger(session, "touchEnd")
            assert said(page) == "Nothing is drawn yet.", (first, second)
    assert (pixels(page) == empty).all()
    assert tool(page, "undo").is_disabled()
    draw_with_finger(page, session, *LINES[0])
    wait_until_said(page, "1 stroke.")


def test_a_pinch_takes_back_what_a_finger_erased(tablet: "tuple[Page, CDPSession]") -> None:
    page, session = tablet
    draw_with_finger(page, session, *LINES[0])
    wait_until_said(page, "1 stroke.")
    tool(page, "erase").click()
    finger(session, "touchStart", at(page, 500, 100))
    finger(session, "touchMove", at(page, 500, 300))
    finger(session, "touchStart", at(page, 500, 300), at(page, 200, 700))
    finger(session, "touchEnd")
    assert said(page).startswith("1 stroke.")


def test_a_stroke_that_leaves_the_paper_and_comes_back_is_undone_at_once(
    tablet: "tuple[Page, CDPSession]",
) -> None:
    page, session = tablet
    draw_with_finger(page, session, (500, 500), (500, 1150), (700, 1150), (700, 500), (600, 500))
    wait_until_said(page, "2 strokes.")
    tool(page, "undo").click()
    wait_until_said(page, "Nothing is drawn yet.")
