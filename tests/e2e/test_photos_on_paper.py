"""A photo on the paper in Chromium: recognised, and asked for its like, unless one says it is a drawing."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.e2e.canvas_actions import bring, picture, said, tool, wait_until_said
from tests.e2e.query_actions import take, wait_for_answer, write
from tests.webapp.test_photographs import scenery

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]

KIND = "#sketch [data-part=kind]"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    scenery(2).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def shown_ids(page: "Page") -> list[str]:
    images = page.locator("#results .thumbnail-item img").all()
    return [(image.get_attribute("alt") or "").split(": ", 1)[1] for image in images]


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_photo_is_recognised_and_its_like_is_found(
    open_page: "OpenPage", engine: "SearchEngine", photo: Path, way: str
) -> None:
    page = open_page()
    bring(page, way, photo, "image/png")
    wait_until_said(page, "This looks like a photo.")
    assert "No, it's a drawing" in page.inner_text(KIND)
    tool(page, "find").click()
    wait_for_answer(page, "used the picture; showing")
    found = engine.similar(image=Image.open(photo)).results
    assert shown_ids(page) == [result.id for result in found]
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "used the picture and your words")
    found = engine.similar(image=Image.open(photo), text="a red one").results
    assert shown_ids(page) == [result.id for result in found]


def test_it_can_be_said_that_it_is_a_drawing_and_undone(open_page: "OpenPage", photo: Path) -> None:
    page = open_page(width=390, height=844)
    page.set_input_files("#sketch input[type=file]", photo)
    wait_until_said(page, "This looks like a photo.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tool(page, "kind").click()
    wait_until_said(page, "A picture.")
    assert tool(page, "find").is_hidden()
    page.click("#go")
    wait_for_answer(page, "used your drawing only")
    tool(page, "undo").click()
    wait_until_said(page, "This looks like a photo.")
    page.reload(wait_until="domcontentloaded")
    page.wait_for_selector("#sketch [data-ready]")
    wait_until_said(page, "This looks like a photo.")


def test_a_drawing_is_a_drawing(open_page: "OpenPage", tmp_path: Path) -> None:
    page = open_page()
    assert page.locator(KIND).is_hidden()
    bring(page, "drop", picture(tmp_path), "image/png")
    wait_until_said(page, "A picture.")
    assert page.locator(KIND).is_visible()
    assert page.inner_text(KIND).strip() == "It's a photo"
    tool(page, "unpick").click()
    assert said(page) == "Nothing is drawn yet."
    assert page.locator(KIND).is_hidden()


def test_code_asks_for_the_like_of_the_photo(open_page: "OpenPage", photo: Path) -> None:
    page = open_page()
    bring(page, "drop", photo, "image/png")
    wait_until_said(page, "This looks like a photo.")
    write(page, "a red one")
    tool(page, "find").click()
    wait_for_answer(page, "used the picture and your words")
    ids, code = shown_ids(page), take(page, "python")
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=photo.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert [line.split(" ", 2)[2] for line in run.stdout.splitlines() if line[:1].isdigit()] == ids
