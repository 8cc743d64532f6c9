"""A server of two galleries, in Chromium and from a program: the switch, links, examples, and names.

A server of one has no switch: tests/e2e/test_own_photos.py.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.query_actions import take, wait_for_answer, write
from tests.e2e.waiting import ANSWERS, PATIENCE
from tests.galleries import draw_photo, make_gallery
from webapp.canvas import Sketch
from webapp.examples import load_examples
from webapp.gallery_switch import YOURS
from webapp.query import PageQuery
from webapp.questions import Questions
from webapp.results.wording import NO_SUCH_GALLERY
from webapp.share.link import fragment_of, query_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

FIRST, SECOND = "built", 'Blocks, "old" <b>ones</b>'
QUERY = PageQuery(Sketch(((100, 100, 900, 900),)), "a red one", 12, 0.0, SECOND)
SMALLEST_TARGET = 24  # CSS pixels: what WCAG 2.2 asks for


@pytest.fixture(scope="module")
def server(
    engine: "SearchEngine", tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The page around two galleries, of 16 and 6 pictures; its first example is for the second."""
    from stnet.gallery.gallery import Gallery
    from webapp.page import build, launch_options
    from webapp.search_service import Answerer

    folder = make_gallery(tmp_path_factory.mktemp("second"), tiny_checkpoint, count=6, name=SECOND)
    examples = [replace(load_examples()[0], gallery=SECOND), *load_examples()[1:]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("webapp.query_panel.load_examples", lambda: examples)
        page = build(Answerer(engine, engine.on(Gallery.open(folder))))
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_options())
    yield address.rstrip("/")
    page.close()


def offered(page: "Page") -> list[str]:
    page.wait_for_selector("#where")
    return [label.inner_text() for label in page.locator("#where label").all()]


def wait_until_chosen(page: "Page", name: str) -> None:
    page.locator("#where label").filter(has_text=name).locator("input:checked").wait_for()


def choose(page: "Page", name: str) -> None:
    page.locator("#where label").filter(has_text=name).click()


def begin_with_second(page: "Page") -> None:
    """Choose it before the first search, and let the page take it in."""
    choose(page, SECOND)
    page.wait_for_selector("#status >> text=6 pictures are ready")


def type_words(page: "Page", words: str = "a red one") -> None:
    write(page, words)


def shown_ids(page: "Page") -> list[str]:
    images = page.locator("#results .thumbnail-item img").all()
    return [(image.get_attribute("alt") or "").split(": ", 1)[1] for image in images]


def test_to_switch_searches_again_at_once(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    assert offered(page) == [FIRST, SECOND]
    draw(page)
    type_words(page)
    page.click("#go")
    wait_for_answer(page, "of 16 pictures")
    page.focus("#where input:checked")
    page.keyboard.press("ArrowRight")
    wait_for_answer(page, "of 6 pictures")
    assert "used your drawing and your words" in page.inner_text("#status")
    wait_until_chosen(page, SECOND)
    assert sorted(shown_ids(page)) == [f"photo-0{number}.png" for number in range(6)]
    page.keyboard.press("ArrowLeft")
    wait_for_answer(page, "of 16 pictures")
    assert not set(shown_ids(page)) & {f"photo-0{number}.png" for number in range(6)}


def test_more_like_a_picture_are_of_its_gallery(open_page: "OpenPage") -> None:
    page = open_page()
    begin_with_second(page)
    type_words(page)
    page.click("#go")
    wait_for_answer(page, "of 6 pictures")
    (first, *_) = shown_ids(page)
    page.click("#results .thumbnail-item >> nth=0")
    page.click("#results [data-action=similar]")
    wait_for_answer(page, "used the picture")
    assert first not in shown_ids(page)
    assert len(shown_ids(page)) == 5


def test_to_switch_without_a_query_only_says_what_is_ready(open_page: "OpenPage") -> None:
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    assert offered(page) == [FIRST, SECOND]
    for label in page.locator("#where label").all():
        box = label.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= SMALLEST_TARGET
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "16 pictures are ready" in page.inner_text("#status")
    page.locator("#where label").filter(has_text=SECOND).tap()
    page.wait_for_selector("#status >> text=6 pictures are ready")
    assert page.locator("[data-testid=toast-body]").count() == 0


def test_a_search_right_after_a_switch_is_answered_however_late_the_switch_is_taken_up(
    open_page: "OpenPage", monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    offered(page)
    switched, answered, returned = threading.Event(), threading.Event(), threading.Event()
    forget = Questions.forget

    def late(self: Questions, request: Any) -> bool:
        switched.set()
        answered.wait(PATIENCE)
        latest = forget(self, request)
        returned.set()
        return latest

    monkeypatch.setattr(Questions, "forget", late)
    choose(page, SECOND)
    assert switched.wait(PATIENCE)
    type_words(page)
    page.click("#go")
    wait_for_answer(page, "of 6 pictures")
    answered.set()  # the switch's own answer, that nothing is asked, comes now
    assert returned.wait(PATIENCE)
    answers = page.evaluate(ANSWERS)
    write(page, "a green one")
    page.click("#go")  # its answer comes after that
    page.wait_for_function(f"before => {ANSWERS} > before", arg=answers)
    assert "of 6 pictures" in page.inner_text("#status")
    assert len(shown_ids(page)) == 6


def test_links_and_code_carry_the_gallery(open_page: "OpenPage", tmp_path: Path) -> None:
    page = open_page()
    begin_with_second(page)
    type_words(page)
    page.click("#go")
    wait_for_answer(page, "of 6 pictures")
    ids = shown_ids(page)
    link, code = take(page, "link"), take(page, "python")
    assert query_of(link.split("#")[1]).gallery == SECOND
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
    )
    assert [line.split(" ", 2)[2] for line in run.stdout.splitlines() if line[:1].isdigit()] == ids

    other = open_page(f"#{link.split('#')[1]}")
    wait_for_answer(other, "of 6 pictures")
    wait_until_chosen(other, SECOND)
    assert shown_ids(other) == ids


def test_a_link_to_a_gallery_that_is_not_here_says_so_and_searches_what_is(open_page: "OpenPage") -> None:
    page = open_page(f"#{fragment_of(replace(QUERY, gallery='<img src=x onerror=alert(1)>'))}")
    wait_for_answer(page, NO_SUCH_GALLERY)
    assert "16 pictures" in page.inner_text("#status")
    wait_until_chosen(page, FIRST)
    assert page.input_value("#text input, #text textarea") == QUERY.text
    assert page.locator("[data-testid=toast-body]").count() == 0
    assert query_of(take(page, "link").split("#")[1]).gallery == FIRST


def test_an_example_is_asked_of_its_gallery(open_page: "OpenPage") -> None:
    page = open_page()
    page.click("#examples button >> nth=0")
    wait_for_answer(page, "of 6 pictures")
    wait_until_chosen(page, SECOND)
    page.click("#examples button >> nth=1")
    page.wait_for_function(
        "text => (document.querySelector('#text input, #text textarea').value === text)",
        arg=load_examples()[1].text,
    )
    wait_for_answer(page, "of 6 pictures")
    choose(page, FIRST)
    wait_for_answer(page, "of 16 pictures")


def test_own_photos_stand_beside_the_galleries(open_page: "OpenPage", tmp_path: Path) -> None:
    page = open_page()
    begin_with_second(page)
    draw_photo(1).save(tmp_path / "mine.png")
    page.click("#photos button >> nth=0")
    page.wait_for_selector("#photo-picker [data-ready]")
    page.set_input_files("#photo-picker input[type=file]", tmp_path / "mine.png")
    wait_until_chosen(page, YOURS)
    assert offered(page) == [FIRST, SECOND, YOURS]
    type_words(page)
    page.click("#go")
    wait_for_answer(page, "of your photo")
    choose(page, SECOND)
    wait_for_answer(page, "of 6 pictures")
    page.click("#remove-photos")
    page.locator("#where label").filter(has_text=YOURS).wait_for(state="detached")
    assert offered(page) == [FIRST, SECOND]
    wait_until_chosen(page, SECOND)


def test_programs_name_a_gallery_too(server: str) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    client = Client(server, verbose=False)
    for named, searched in (({}, (FIRST, 16)), ({"gallery": SECOND}, (SECOND, 6))):
        found = client.predict(text="a red one", **named, api_name="/search")
        assert (found["gallery"]["name"], found["gallery"]["size"]) == searched
        like = client.predict(found["results"][0]["id"], **named, api_name="/similar")
        assert like["gallery"] == found["gallery"]
    for query in (
        {"text": "a red one", "api_name": "/search"},
        {"id": "photo-01.png", "api_name": "/similar"},
    ):
        with pytest.raises(AppError) as refusal:
            client.predict(**query, gallery="Third")
        assert f"no gallery 'Third'; it has {FIRST!r}, {SECOND!r}" in str(refusal.value)
