"""What the page says about an answer, in Chromium: the timing is folded, and other languages get a hint."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.query_actions import wait_for_answer, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]

HINT = "These words don't look like English"


def test_the_timing_folds_away_and_the_status_stays(open_page: "OpenPage") -> None:
    page = open_page()
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "showing the best 12 of 16 pictures")
    assert "Found in" in page.inner_text("#status")
    assert "Encode" not in page.inner_text("#status")
    page.focus("#status summary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#status >> text=/Encode .*, rerank .*; CPU/")
    assert "showing the best 12" in page.inner_text("#status")


def test_words_in_another_language_get_a_hint_and_an_answer(open_page: "OpenPage") -> None:
    page = open_page()
    for words, hinted in (("собака на снегу", True), ("in the snow", False), ("perro en la nieve", True)):
        write(page, words)
        page.click("#go")
        page.wait_for_function(
            """([hint, hinted]) => {
                const said = document.querySelector("#status").innerText;
                return said.includes("showing the best") && said.includes(hint) === hinted;
            }""",
            arg=[HINT, hinted],
        )
        assert page.locator("#results img").count() == 12
        assert page.locator("[data-testid=toast-body]").count() == 0
