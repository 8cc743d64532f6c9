"""The options beside the query, in Chromium: searching while somebody draws, the balance, the keys."""

import re
import threading
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.canvas_actions import at, draw, pixels, tool, wait_until_said
from tests.e2e.query_actions import open_options, set_number, wait_for_answer, write
from tests.e2e.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stnet.search import SearchEngine
    from stnet.search.encoding import Vectors
    from stnet.search.query import Query

    OpenPage = Callable[..., Page]

RESTED = 1500  # milliseconds after which whoever draws has long rested
# every status line from now on, in window.said
LISTEN = """() => {
    window.said = [];
    const status = document.querySelector("#status");
    const hear = () => window.said.push(status.innerText);
    new MutationObserver(hear).observe(status, { childList: true, characterData: true, subtree: true });
}"""
LINES = [[(200, 100 + 40 * line), (800, 100 + 40 * line)] for line in range(9)]


class Searches:
    """What the engine was asked, and a gate that can hold it up."""

    def __init__(self) -> None:
        self.inks: list[int] = []
        self.gate = threading.Event()
        self.gate.set()

    def wait_for(self, page: "Page", count: int) -> None:
        wait_until(
            lambda: len(self.inks) >= count,
            lambda: f"{count} searches expected, {len(self.inks)} were made",
            page,
        )


@pytest.fixture
def searches(engine: "SearchEngine", monkeypatch: pytest.MonkeyPatch) -> "Iterator[Searches]":
    """Watches the encoder: every search passes it once. The ink says how much was drawn."""
    from stnet.search.encoding import QueryEncoder

    engine.calibrate()  # what it encodes for itself is done
    watched, encode = Searches(), QueryEncoder.encode

    def slow(encoder: QueryEncoder, query: "Query", *others: Any) -> "Vectors":
        watched.inks.append(0 if query.sketch is None else int((query.sketch < query.sketch.max()).sum()))
        assert watched.gate.wait(60)
        return encode(encoder, query, *others)

    monkeypatch.setattr(QueryEncoder, "encode", slow)
    yield watched
    watched.gate.set()


def tick(page: "Page") -> None:
    open_options(page)
    page.check("#live input[type=checkbox]")


def draw_line(page: "Page", number: int) -> None:
    draw(page, *LINES[number])
    strokes = number + 1
    wait_until_said(page, "1 stroke." if strokes == 1 else f"{strokes} strokes.")


def test_nothing_is_asked_while_drawing_unless_it_is_wanted(
    open_page: "OpenPage", searches: Searches
) -> None:
    page = open_page()
    page.wait_for_selector("#results .wall-item img")
    requests: list[str] = []
    # Python is asked by POST; pictures of the wall may still be on their way
    page.on("request", lambda request: requests.append(request.url) if request.method == "POST" else None)
    page.clock.install()
    draw_line(page, 0)
    page.clock.fast_forward(RESTED)
    assert requests == []
    tick(page)
    draw_line(page, 1)
    wait_for_answer(page, "used your drawing only")
    assert len(searches.inks) == 1


def test_of_what_is_drawn_during_a_search_only_the_last_is_searched(
    open_page: "OpenPage", searches: Searches
) -> None:
    page = open_page()
    write(page, "a red one")
    tick(page)
    searches.gate.clear()
    page.clock.install()
    draw_line(page, 0)
    page.clock.fast_forward(RESTED)
    searches.wait_for(page, 1)
    for number in range(1, 4):  # each rests long enough to be told
        draw_line(page, number)
        page.clock.fast_forward(RESTED)
    assert len(searches.inks) == 1
    before = pixels(page)
    searches.gate.set()
    searches.wait_for(page, 2)
    wait_for_answer(page, "used your drawing and your words")
    assert (pixels(page) == before).all()
    wait_until_said(page, "4 strokes.")
    # whatever was still waiting would be searched before what is asked now
    page.click("#clear")
    page.wait_for_selector("#results .thumbnail-item img", state="detached")
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "used your words only")
    assert len(searches.inks) == 3
    assert searches.inks[0] < searches.inks[1]
    assert searches.inks[2] == 0


def test_the_pen_goes_on_while_an_answer_arrives(open_page: "OpenPage", searches: Searches) -> None:
    page = open_page()
    tick(page)
    searches.gate.clear()
    draw_line(page, 0)
    searches.wait_for(page, 1)
    page.mouse.move(*at(page, 100, 900))
    page.mouse.down()
    page.mouse.move(*at(page, 500, 900))
    searches.gate.set()
    wait_for_answer(page, "used your drawing only")
    page.mouse.move(*at(page, 900, 900))
    page.mouse.up()
    wait_until_said(page, "2 strokes.")
    searches.wait_for(page, 2)
    tool(page, "undo").click()
    wait_until_said(page, "1 stroke.")


def test_an_empty_paper_is_no_mistake_while_drawing(open_page: "OpenPage", searches: Searches) -> None:
    page = open_page()
    tick(page)
    draw_line(page, 0)
    wait_for_answer(page, "used your drawing only")
    tool(page, "undo").click()
    page.wait_for_selector("#results .thumbnail-item img", state="detached")
    assert "pictures are ready" in page.inner_text("#status")
    assert page.locator("[data-testid=toast-body]").count() == 0


def test_an_example_overtakes_a_search(open_page: "OpenPage", searches: Searches) -> None:
    page = open_page()
    write(page, "behind the drum")
    searches.gate.clear()
    page.click("#go")
    searches.wait_for(page, 1)
    page.evaluate(LISTEN)
    with page.expect_response("**/queue/join*"):
        page.locator("#examples button").first.click()
    searches.gate.set()
    wait_for_answer(page, "used your drawing and your words")
    searches.wait_for(page, 2)
    # and the page still searches
    page.click("#clear")
    page.wait_for_selector("#results .thumbnail-item img", state="detached")
    write(page, "behind the drum")
    page.click("#go")
    wait_for_answer(page, "used your words only")
    heard = re.findall("drawing and your words|words only|are ready", " ".join(page.evaluate("window.said")))
    # the overtaken answer, of words only, too, never came between
    assert [text for text, _ in groupby(heard)] == ["drawing and your words", "are ready", "words only"]


def test_the_balance_leads_from_the_words_to_the_drawing(open_page: "OpenPage") -> None:
    page = open_page()
    draw_line(page, 0)
    write(page, "a red one")
    open_options(page)
    for balance, used in (
        ("-1", "your words only"),
        ("1", "your drawing only"),
        ("0", "drawing and your words"),
    ):
        set_number(page, "balance", balance)
        page.click("#go")
        wait_for_answer(page, f"used {used}" if "only" in used else used)


def test_keys_reach_the_words_and_the_search(open_page: "OpenPage") -> None:
    page = open_page()
    page.wait_for_selector("#text input, #text textarea")
    page.keyboard.press("/")
    page.keyboard.type("a red one")
    assert page.input_value("#text input, #text textarea") == "a red one"
    page.keyboard.press("Enter")
    wait_for_answer(page, "used your words only")
    page.click("#clear")
    page.wait_for_selector("#results .thumbnail-item img", state="detached")
    page.focus("#options button")
    write(page, "a red one")
    page.focus("#examples button")
    page.keyboard.press("Control+Enter")
    wait_for_answer(page, "used your words only")
