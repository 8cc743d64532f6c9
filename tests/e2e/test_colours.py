"""Colours in Chromium: every state of the page can be read, in both themes and with forced colours."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stnet.search import SearchError
from tests.e2e.canvas_actions import tool
from tests.e2e.query_actions import WORDS, open_options, wait_for_answer, write
from tests.e2e.test_results import FADED, serious
from tests.galleries import draw_photo
from webapp.search_service import Answerer

# whether an element, with all it lies in, has been opaque for some time: it is for a moment before it fades
OPAQUE = """selector => {
    let opaque = document.querySelector(selector) !== null;
    for (let one = document.querySelector(selector); one; one = one.parentElement)
        opaque = opaque && getComputedStyle(one).opacity === "1";
    window.opaqueSince = opaque ? window.opaqueSince ?? performance.now() : undefined;
    return opaque && performance.now() - window.opaqueSince > 500; // milliseconds
}"""

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]


def refuse(*_: object, **__: object) -> None:
    raise SearchError("That is not to be had.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state(
    open_page: "OpenPage", draw: "Draw", monkeypatch: pytest.MonkeyPatch, tmp_path: Path, theme: str
) -> None:
    page = open_page(f"?__theme={theme}")

    def check(state: str) -> None:
        page.wait_for_function(FADED)
        faults = [(node["target"], node["failureSummary"]) for _, nodes in serious(page) for node in nodes]
        assert faults == [], state

    page.hover("#examples button >> nth=1")
    check("a hovered example")
    open_options(page)
    check("options")
    draw_photo(1).save(tmp_path / "mine.png")
    page.click("#photos button >> nth=0")
    page.wait_for_selector("#photo-picker [data-ready]")
    page.set_input_files("#photo-picker input[type=file]", tmp_path / "mine.png")
    page.wait_for_selector("#photos-said >> text=1 photo is ready")
    check("own photos")
    page.focus(WORDS)
    page.keyboard.press("Tab")
    check("the link to the results")
    draw(page)
    write(page, "im Schnee, auf einem Berg")
    page.click("#go")
    wait_for_answer(page, "look like English")
    page.click("#status summary")
    page.hover("#results .thumbnail-item")
    check("results with a hint and the timing")
    page.click("#clear")
    page.wait_for_selector("#unclear")
    page.hover("#unclear")
    check("the offer to undo")
    monkeypatch.setattr(Answerer, "search", refuse)
    draw(page)
    page.click("#go")
    page.wait_for_selector("[data-testid=toast-body]")
    page.wait_for_function(OPAQUE, arg="[data-testid=toast-body]")
    check("an error")


def test_forced_colours_keep_what_colours_say(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page(forced_colors="active")
    draw(page)
    tool(page, "erase").click()
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "used your drawing and your words")

    def colour(selector: str, name: str = "backgroundColor") -> str:
        return str(page.locator(selector).first.evaluate(f"node => getComputedStyle(node).{name}"))

    assert colour("#results .results-filled") != colour("#results .results-bar")
    assert colour("#results .results-bar", "borderTopStyle") == "solid"
    assert colour("#results .results-frame", "borderTopColor") == "rgb(0, 229, 255)"
    assert colour("#sketch [data-action=erase]") != colour("#sketch [data-action=undo]")
    for selector in ("#results .thumbnail-item", "#sketch canvas", "#go", WORDS):
        page.focus(selector)
        page.keyboard.press("Shift")  # the keyboard is what is used
        framed = page.evaluate(
            """() => [document.activeElement, document.activeElement.parentElement].some((node) => {
                const { outlineStyle, outlineWidth } = getComputedStyle(node);
                return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
            })"""
        )
        assert framed, selector
