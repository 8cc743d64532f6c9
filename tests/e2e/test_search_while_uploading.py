"""A search that is asked for while a picture is being uploaded, in Chromium: it waits for the picture."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.canvas_actions import picture, said, wait_until_said
from tests.e2e.query_actions import WORDS, wait_for_answer, write
from tests.e2e.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

TOAST = "[data-testid=toast-body]"


class Uplink:
    """Holds uploads back until they are let through or lost."""

    def __init__(self, page: "Page") -> None:
        self.held: list[Route] = []
        self.searches: list[Any] = []
        self.page = page
        page.route("**/upload*", self.hold)
        page.on("request", self.note)

    def hold(self, route: "Route") -> None:
        self.held.append(route)

    def note(self, request: Any) -> None:
        if request.method == "POST" and "queue/join" in request.url:
            asked = request.post_data_json
            if "offset" not in (asked.get("event_data") or {}):  # else the list of pictures wants more
                self.searches.append(asked)

    def begin(self, file: Path) -> None:
        already = len(self.held)
        self.page.set_input_files("#sketch input[type=file]", file)
        wait_until_said(self.page, "The picture is being uploaded")
        wait_until(lambda: len(self.held) > already, lambda: "no upload began", self.page)

    def let_through(self) -> None:
        self.held.pop(0).continue_()

    def lose(self) -> None:
        self.held.pop(0).abort()


def by_click(page: "Page") -> None:
    page.click("#go")


def by_space(page: "Page") -> None:
    page.focus("#go")
    page.keyboard.press("Space")


def by_enter(page: "Page") -> None:
    page.focus(WORDS)
    page.keyboard.press("Enter")


def by_control_and_enter(page: "Page") -> None:
    page.keyboard.press("Control+Enter")


@pytest.mark.parametrize("ask", [by_click, by_space, by_enter, by_control_and_enter])
def test_a_search_waits_for_the_picture(
    open_page: "OpenPage", tmp_path: Path, ask: "Callable[[Page], None]"
) -> None:
    page = open_page()
    uplink = Uplink(page)
    uplink.begin(picture(tmp_path))
    ask(page)
    wait_until_said(page, "The picture is being uploaded, then the search begins.")
    ask(page)  # once more changes nothing
    assert uplink.searches == []
    uplink.let_through()
    wait_for_answer(page, "used your drawing only")
    assert page.locator(TOAST).count() == 0
    assert len(uplink.searches) == 1
    assert said(page) == "A picture."
    # from now on it is asked as always, with the words that are there now
    write(page, "a red one")
    ask(page)
    wait_for_answer(page, "used your drawing and your words")
    assert len(uplink.searches) == 2


def test_a_picture_that_does_not_arrive_is_not_searched(open_page: "OpenPage", tmp_path: Path) -> None:
    page = open_page()
    write(page, "a red one")
    uplink = Uplink(page)
    uplink.begin(picture(tmp_path))
    page.click("#go")
    uplink.lose()
    page.locator("#sketch [role=alert] >> text=couldn't be uploaded").wait_for()
    assert (said(page), uplink.searches) == ("Nothing is drawn yet.", [])
    page.click("#go")  # now the words alone are meant
    wait_for_answer(page, "used your words only")


def test_of_two_pictures_the_search_waits_for_the_second(open_page: "OpenPage", tmp_path: Path) -> None:
    page = open_page()
    uplink = Uplink(page)
    uplink.begin(picture(tmp_path))
    page.click("#go")
    uplink.begin(picture(tmp_path, (300, 100)))
    with page.expect_event("requestfinished", lambda request: "/upload" in request.url):
        uplink.let_through()
    assert uplink.searches == []
    uplink.let_through()
    wait_for_answer(page, "used your drawing only")
    assert len(uplink.searches) == 1


@pytest.mark.parametrize("button", ["#clear", "#sketch [data-action=clear]"])
def test_what_is_cleared_while_it_is_sent_does_not_come_back(
    open_page: "OpenPage", draw: "Draw", tmp_path: Path, button: str
) -> None:
    page = open_page()
    if button != "#clear":  # which the paper's own offers for what is on it only
        draw(page)
    uplink = Uplink(page)
    uplink.begin(picture(tmp_path))
    page.click("#go")
    page.click(button)
    wait_until_said(page, "Nothing is drawn yet.")
    with page.expect_event("requestfinished", lambda request: "/upload" in request.url):
        uplink.let_through()
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "used your words only")
    assert said(page) == "Nothing is drawn yet."
