"""The page as people use it, in Chromium.

`open_page` also proves for every test: no page error, no request to another host.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.e2e.canvas_actions import paper, picture, said, tool, wait_until_said
from tests.e2e.query_actions import open_options, set_number, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

STRANGE_ID = "<img src=x onerror=alert(1)> & 'quoted' élan.png"
EMPTY = "Draw something or type a few words."


def search(page: "Page") -> None:
    page.click("#go")


def wait_for_answer(page: "Page", used: str) -> str:
    """The status line once the answer is there."""
    page.wait_for_function("text => document.querySelector('#status').innerText.includes(text)", arg=used)
    page.wait_for_selector("#results .thumbnail-item img")
    return page.inner_text("#status")


def alternative_texts(page: "Page") -> list[str]:
    return [image.get_attribute("alt") or "" for image in page.locator("#results .thumbnail-item img").all()]


def fill_text(page: "Page", words: str) -> None:
    write(page, words)


def test_drawing_and_words_find_pictures_with_heat_maps(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    draw(page)
    fill_text(page, "a red one at night")
    search(page)
    assert "16 pictures" in wait_for_answer(page, "used your drawing and your words")
    texts = alternative_texts(page)
    assert len(texts) == 12
    assert all(text.startswith((f"{rank}. ", f"{rank}: ")) for rank, text in enumerate(texts, 1))


def test_a_drawing_alone_is_enough(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    draw(page)
    search(page)
    wait_for_answer(page, "used your drawing only")


def test_words_alone_need_only_the_keyboard(open_page: "OpenPage", engine: "SearchEngine") -> None:
    page = open_page()
    page.focus("#text input, #text textarea")
    page.keyboard.type("left of a green square")
    page.keyboard.press("Enter")
    wait_for_answer(page, "used your words only")
    expected = engine.search(text="left of a green square").results
    texts = alternative_texts(page)
    assert [text.split(": ", 1)[1] for text in texts] == [result.id for result in expected]


def test_control_and_enter_searches_from_anywhere(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    draw(page)
    fill_text(page, "a red one")
    page.keyboard.press("Control+Enter")
    wait_for_answer(page, "used your drawing and your words")


def test_a_picture_of_a_drawing_is_searched_like_a_drawing(open_page: "OpenPage", tmp_path: Path) -> None:
    page = open_page()
    page.set_input_files("#sketch input[type=file]", picture(tmp_path))
    tool(page, "unpick").wait_for()
    page.wait_for_function(
        "() => !document.querySelector('#sketch [role=status]').innerText.includes('being uploaded')"
    )
    search(page)
    wait_for_answer(page, "used your drawing only")


def test_names_are_shown_as_text_not_as_html(open_page: "OpenPage") -> None:
    page = open_page()
    open_options(page)
    set_number(page, "top_k", "16")
    fill_text(page, "a red one")
    search(page)
    wait_for_answer(page, "showing the best 16")
    assert any(text.endswith(STRANGE_ID) for text in alternative_texts(page))
    assert page.locator("img[src=x]").count() == 0


def test_nothing_drawn_and_nothing_typed_is_explained(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    search(page)
    page.wait_for_selector(f"#status >> text={EMPTY}")
    assert page.locator("[data-testid=toast-body]").count() == 0

    draw(page)
    search(page)
    wait_for_answer(page, "used your drawing only")
    tool(page, "undo").click()
    wait_until_said(page, "Nothing is drawn yet.")
    search(page)
    page.wait_for_selector(f"#status >> text={EMPTY}")
    assert page.locator("#results .thumbnail-item img").count() == 0
    assert page.locator("[data-testid=toast-body]").count() == 0


def test_the_number_of_results_is_what_was_asked_for(open_page: "OpenPage") -> None:
    page = open_page()
    open_options(page)
    set_number(page, "top_k", "3")
    fill_text(page, "behind the drum")
    search(page)
    wait_for_answer(page, "showing the best 3")
    assert len(alternative_texts(page)) == 3


def test_words_that_are_too_long_are_said_to_be_cut(open_page: "OpenPage") -> None:
    page = open_page()
    fill_text(page, "a red one " * 1000)
    search(page)
    assert "only the first part was read" in wait_for_answer(page, "used your words only")


def test_clear_leaves_a_page_that_can_be_drawn_on_again(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    draw(page)
    fill_text(page, "a red one")
    search(page)
    wait_for_answer(page, "used your drawing and your words")
    page.click("#clear")
    page.wait_for_selector("#results .thumbnail-item img", state="detached")
    assert page.input_value("#text input, #text textarea") == ""
    assert "pictures are ready" in page.inner_text("#status")
    wait_until_said(page, "Nothing is drawn yet.")
    draw(page)
    search(page)
    wait_for_answer(page, "used your drawing only")


def test_an_example_fills_the_query_and_searches(open_page: "OpenPage") -> None:
    page = open_page()
    assert page.locator("#examples button").count() >= 5
    page.locator("#examples button").first.click()
    wait_for_answer(page, "used your drawing and your words")
    assert page.input_value("#text input, #text textarea") != ""
    assert "stroke" in said(page)
    fill_text(page, "")
    search(page)
    wait_for_answer(page, "used your drawing only")


def test_a_phone_shows_everything_without_scrolling_sideways(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    draw(page)
    search(page)
    wait_for_answer(page, "used your drawing only")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tops = page.locator("#results .thumbnail-item").evaluate_all(
        "tiles => tiles.map(tile => tile.getBoundingClientRect().top)"
    )
    assert tops[2] > tops[0] == tops[1]  # two in a row


def test_dark_theme_keeps_the_paper_white(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page("?__theme=dark")
    draw(page)
    shot = Image.open(io.BytesIO(paper(page).screenshot())).convert("L")
    histogram = shot.histogram()
    assert sum(histogram[250:]) > 0.4 * sum(histogram)
    search(page)
    wait_for_answer(page, "used your drawing only")


def test_a_new_answer_is_announced(open_page: "OpenPage") -> None:
    page = open_page()
    page.wait_for_selector("#status[aria-live=polite]", state="attached")
    assert re.search(r"^\d+ pictures are ready", page.inner_text("#status"))
