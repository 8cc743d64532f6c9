"""The address bar in Chromium: it holds the link of what is shown; Back and Forward walk through answers."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import webapp.page_answers
from tests.e2e.canvas_actions import bring, picture, said, wait_until_said
from tests.e2e.canvas_actions import draw as draw_line
from tests.e2e.query_actions import WORDS, open_options, take, wait_for_answer, write
from tests.e2e.waiting import PATIENCE
from webapp.search_service import Answerer
from webapp.turns import Turns

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

DIALOG = "#results dialog[open]"


def fragment(page: "Page") -> str:
    return page.url.partition("#")[2]


def steps(page: "Page") -> int:
    return int(page.evaluate("history.length"))


STREAMS = "performance.getEntriesByType('resource').filter((e) => e.name.includes('queue/data')).length"


def ask(page: "Page", words: str, said: str) -> str:
    """Search; the fragment that the address then has."""
    write(page, words)
    page.click("#go")
    wait_for_answer(page, said)
    page.wait_for_function("before => location.href !== before", arg=page.url) if not fragment(page) else None
    return fragment(page)


def ask_twice(page: "Page") -> str:
    """Two searches, one after the other; the first one's fragment."""
    first = ask(page, "a red one", "used your words only")
    write(page, "a green one")
    page.click("#go")
    page.wait_for_function("first => location.hash.slice(1) !== first", arg=first)
    return first


def wait_for_words(page: "Page", words: str) -> None:
    page.wait_for_function(
        "([box, words]) => document.querySelector(box).value === words", arg=[WORDS, words]
    )


def test_back_and_forward_walk_through_searches(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page("?__theme=dark")
    first = ask(page, "a red one", "used your words only")
    assert first == take(page, "link").partition("#")[2]
    assert "__theme=dark" in page.url
    draw(page)
    assert fragment(page) == first  # the answer is still that of the words
    page.click("#go")
    wait_for_answer(page, "used your drawing and your words")
    page.wait_for_function("first => location.hash.slice(1) !== first", arg=first)
    second, length, streams = fragment(page), steps(page), page.evaluate(STREAMS)
    page.click("#go")  # the same again: nothing of the page changes when its answer comes, a stream ends
    page.wait_for_function(f"before => {STREAMS} > before", arg=streams)
    assert (fragment(page), steps(page)) == (second, length)
    page.go_back()
    wait_for_answer(page, "used your words only")
    wait_until_said(page, "Nothing is drawn yet.")
    page.go_forward()
    wait_for_answer(page, "used your drawing and your words")
    wait_until_said(page, "1 stroke.")
    page.go_back()
    page.go_back()
    page.wait_for_selector("#status >> text=pictures are ready")
    assert fragment(page) == ""
    wait_for_words(page, "a red one")  # nothing that was typed is lost
    assert steps(page) == length


def test_of_two_steps_back_the_last_one_counts_however_their_answers_come(
    open_page: "OpenPage", monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    ask_twice(page)
    answered, came, carried = threading.Event(), threading.Event(), webapp.page_answers.carried

    def late(*args: Any, **options: Any) -> Any:
        answered.set()  # from here on no newer question holds it back
        came.wait(PATIENCE)
        return carried(*args, **options)

    monkeypatch.setattr(webapp.page_answers, "carried", late)
    page.go_back()
    assert answered.wait(PATIENCE)
    page.go_back()
    page.wait_for_selector("#status >> text=pictures are ready")
    streams = page.evaluate(STREAMS)
    came.set()
    page.wait_for_function(f"before => {STREAMS} > before", arg=streams)
    page.wait_for_selector("#status >> text=pictures are ready")
    assert fragment(page) == ""


def test_an_answer_that_comes_after_back_was_pressed_is_no_step(
    open_page: "OpenPage", monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    first = ask_twice(page)
    second, length = fragment(page), steps(page)
    searched, gone_back = threading.Event(), threading.Event()
    search = Answerer.search

    def slowly(self: Answerer, sketch: Any, text: str, *others: Any, **options: Any) -> Any:
        if text == "a blue one":
            searched.set()
            gone_back.wait(PATIENCE)
        elif searched.is_set():
            gone_back.set()
        return search(self, sketch, text, *others, **options)

    monkeypatch.setattr(Answerer, "search", slowly)
    monkeypatch.setattr(Turns, "overtaken", lambda self, turn: False)  # as if it had been ready just before
    write(page, "a blue one")
    page.click("#go")
    assert searched.wait(PATIENCE)
    page.go_back()
    wait_for_words(page, "a red one")
    page.wait_for_function("first => location.hash.slice(1) === first", arg=first)
    assert steps(page) == length
    page.go_forward()
    wait_for_words(page, "a green one")
    assert fragment(page) == second


def test_back_closes_the_large_view_and_undoes_more_like_this(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    draw(page)
    ask(page, "a red one", "used your drawing and your words")
    before = page.locator("#results .thumbnail-item img").first.get_attribute("alt")
    page.locator("#results .thumbnail-item").first.click()
    page.wait_for_selector(DIALOG)
    page.go_back()
    page.wait_for_selector(DIALOG, state="hidden")
    assert page.locator("#results .thumbnail-item img").first.get_attribute("alt") == before
    page.go_forward()
    page.wait_for_selector(DIALOG)
    page.keyboard.press("Escape")
    page.wait_for_selector(DIALOG, state="hidden")
    page.wait_for_function("() => history.state.large === undefined")
    page.locator("#results .thumbnail-item").first.click()
    page.click("#results [data-action=similar]")
    wait_for_answer(page, "used the picture")
    page.go_back()
    wait_for_answer(page, "used your drawing and your words")
    assert page.locator("#results .thumbnail-item img").first.get_attribute("alt") == before
    assert page.locator(DIALOG).count() == 0


def test_a_reload_shows_the_answer_and_keeps_what_was_drawn_since(
    open_page: "OpenPage", draw: "Draw"
) -> None:
    page = open_page()
    shown = ask(page, "a red one", "used your words only")
    draw(page)
    page.reload(wait_until="domcontentloaded")
    page.wait_for_selector("#sketch [data-ready]")
    wait_for_answer(page, "used your words only")
    assert said(page) == "1 stroke."
    assert fragment(page) == shown


def test_settings_and_answers_while_drawing_take_one_step(open_page: "OpenPage") -> None:
    page = open_page()
    ask(page, "a red one", "used your words only")
    length = steps(page)
    open_options(page)
    for count in (9, 8, 7):
        page.locator("#top_k input[type=range]").fill(str(count))
        wait_for_answer(page, f"showing the best {count}")
    assert steps(page) == length + 1
    page.check("#live input")
    for place in (200, 400, 600):
        draw_line(page, (place, 100), (place, 900))
        before = page.url
        page.wait_for_function("before => location.href !== before", arg=before)
    assert steps(page) == length + 2
    page.go_back()
    wait_for_answer(page, "used your words only")
    assert "showing the best 7" in page.inner_text("#status")


def test_clear_is_undone_by_back_and_a_picture_comes_back_within_the_tab(
    open_page: "OpenPage", draw: "Draw", tmp_path: Path
) -> None:
    page = open_page()
    bring(page, "drop", picture(tmp_path), "image/png")
    wait_until_said(page, "A picture.")
    page.wait_for_function("() => !document.querySelector('#sketch [role=status]').innerText.includes('upl')")
    page.click("#go")
    wait_for_answer(page, "used your drawing only")
    assert fragment(page) == ""  # no link can hold it
    page.click("#clear")
    wait_until_said(page, "Nothing is drawn yet.")
    page.wait_for_selector("#status >> text=pictures are ready")
    page.go_back()
    wait_for_answer(page, "used your drawing only")
    wait_until_said(page, "A picture.")
