"""A search taken elsewhere, in Chromium: links that open it again, code that asks the same, downloads."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.e2e.canvas_actions import picture, said, tool, wait_until_said
from tests.e2e.conftest import CREDIT
from tests.e2e.query_actions import open_options, set_number, take, taken, wait_for_answer, write
from webapp.canvas import Sketch
from webapp.canvas.strokes import GRID
from webapp.query import PageQuery
from webapp.share.link import BROKEN, fragment_of, query_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

WORDS = 'left of a "green" square\'s ☃'
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def shown_ids(page: "Page") -> list[str]:
    images = page.locator("#results .thumbnail-item img").all()
    return [(image.get_attribute("alt") or "").split(": ", 1)[1] for image in images]


def ask(page: "Page", draw: "Draw | None", count: str = "5", balance: str = "0.3") -> None:
    if draw is not None:
        draw(page)
    write(page, WORDS)
    open_options(page)
    set_number(page, "top_k", count)
    set_number(page, "balance", balance)
    page.click("#go")
    wait_for_answer(page, f"showing the best {count}")


def downloaded(page: "Page", action: str) -> str:
    if page.locator("#takeaway details[open]").count() == 0:
        page.click("#takeaway summary")
    with page.expect_download() as download:
        page.click(f"#takeaway [data-action={action}]")
    assert download.value.suggested_filename == f"stnet-results.{action}"
    return Path(download.value.path()).read_text(encoding="utf-8")


def output_of(command: list[str], folder: Path) -> str:
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return run.stdout


def ids_by_python(code: str, folder: Path) -> list[str]:
    (folder / "query.py").write_text(code, encoding="utf-8")
    lines = output_of([sys.executable, "query.py"], folder).splitlines()
    return [line.split(" ", 2)[2] for line in lines if line[:1].isdigit()]


def ids_by_curl(code: str, folder: Path) -> list[str]:
    (answer,) = json.loads(output_of(["sh", "-eu", "-c", code], folder))
    return [result["id"] for result in answer["results"]]


def test_code_finds_what_the_page_found(open_page: "OpenPage", draw: "Draw", tmp_path: Path) -> None:
    page = open_page(**CLIPBOARD)
    assert page.locator("#takeaway summary").is_hidden()
    ask(page, draw)
    ids = shown_ids(page)
    assert len(ids) == 5
    python = take(page, "python")
    assert taken(page) == "Python code copied."
    assert page.evaluate("navigator.clipboard.readText()") == python
    assert ids_by_python(python, tmp_path) == ids
    curl = take(page, "curl")
    assert ids_by_curl(curl, tmp_path) == ids


def test_code_for_words_alone_and_for_a_picture(open_page: "OpenPage", tmp_path: Path) -> None:
    page = open_page()
    ask(page, None)
    assert ids_by_python(take(page, "python"), tmp_path) == shown_ids(page)
    page.set_input_files("#sketch input[type=file]", picture(tmp_path))
    tool(page, "unpick").wait_for()
    page.wait_for_function(
        "() => !document.querySelector('#sketch [role=status]').innerText.includes('being uploaded')"
    )
    page.click("#go")
    wait_for_answer(page, "used your drawing and your words")
    ids = shown_ids(page)
    assert ids_by_python(take(page, "python"), tmp_path) == ids
    take(page, "link")
    page.wait_for_selector('#takeaway [role=status]:has-text("can\'t hold the picture")')


def test_the_downloads_are_what_was_answered(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    ask(page, draw, count="16")
    ids = shown_ids(page)
    write(page, "other words that nobody searched yet")
    answer: dict[str, Any] = json.loads(downloaded(page, "json"))
    assert (answer["query"]["text"], answer["query"]["balance"]) == (WORDS, 0.3)
    assert [result["id"] for result in answer["results"]] == ids
    assert all(page.request.get(result["image"]).ok for result in answer["results"])
    assert all(page.request.get(result["heatmap"]).ok for result in answer["results"])
    text = downloaded(page, "csv")
    assert text.startswith("\ufeff")  # without it a spreadsheet takes UTF-8 for something else
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [row["id"] for row in rows] == ids  # one of them with commas' neighbours: quotes and brackets
    for row, result in zip(rows, answer["results"], strict=True):
        assert (int(row["rank"]), float(row["score"])) == (result["rank"], result["score"])
        assert [float(row[name]) for name in ("x0", "y0", "x1", "y1")] == result["box"]
        assert (row["image"], row["heatmap"]) == (result["image"], result["heatmap"])


def test_the_pictures_are_packed_with_their_credits(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    ask(page, draw, count="5")
    page.click("#results [data-action=more]")  # what came later is packed, too
    page.wait_for_selector("#results .thumbnail-item >> nth=15", state="attached")
    ids = shown_ids(page)
    page.click("#takeaway summary")
    with page.expect_download() as download:
        page.click("#takeaway [data-action=zip]")
    assert re.fullmatch(r"stnet-results-\w+\.zip", download.value.suggested_filename)
    page.wait_for_selector("#takeaway [role=status] >> text=16 pictures")
    with zipfile.ZipFile(download.value.path()) as archive:
        pictures = [name for name in archive.namelist() if name[0].isdigit()]
        rows = list(csv.DictReader(io.StringIO(archive.read("results.csv").decode("utf-8-sig"), newline="")))
        assert [row["file"] for row in rows] == pictures
        assert [row["id"] for row in rows] == ids
        assert archive.read("CREDITS.txt").decode().count(f"author: {CREDIT['author']}") == 16
        shown = page.locator("#results .thumbnail-item img").nth(3).get_attribute("src")
        assert archive.read(pictures[3]) == page.request.get(str(shown)).body()


def test_a_link_opens_the_same_search(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page(**CLIPBOARD)
    ask(page, draw, balance="-0.4")
    link = take(page, "link")
    assert taken(page) == "Link copied."
    assert page.evaluate("navigator.clipboard.readText()") == link
    ids = shown_ids(page)

    other = open_page(f"#{link.split('#')[1]}")
    wait_for_answer(other, "showing the best 5")
    assert shown_ids(other) == ids
    wait_until_said(other, "1 stroke.")
    assert other.input_value("#text input, #text textarea") == WORDS
    open_options(other)
    assert other.input_value("#top_k input[type=number]") == "5"
    assert other.input_value("#balance input[type=number]") == "-0.4"
    assert take(other, "link") == link


def test_a_link_put_into_an_open_page_is_followed(open_page: "OpenPage") -> None:
    page = open_page()
    ask(page, None)
    query = PageQuery(Sketch(((100, 100, 900, 900), (100, 900, 900, 100))), "a red one", 3, 0.0)
    page.evaluate("fragment => { location.hash = fragment; }", fragment_of(query))
    wait_for_answer(page, "showing the best 3")
    wait_until_said(page, "2 strokes.")
    assert query_of(take(page, "link").split("#")[1]) == query


def test_a_broken_link_says_so_and_changes_nothing(open_page: "OpenPage", draw: "Draw") -> None:
    fragment = fragment_of(PageQuery(Sketch(((1, 2, 3, 4),)), "on the snow", 3, 0.0))
    page = open_page(f"#{fragment[:-9]}")
    assert BROKEN in page.inner_text("[data-testid=toast-body]")
    assert said(page) == "Nothing is drawn yet."
    assert page.input_value("#text input, #text textarea") == ""
    assert "pictures are ready" in page.inner_text("#status")
    page.click("[data-testid=toast-close]")
    ask(page, draw)
    ids = shown_ids(page)
    page.evaluate("() => { location.hash = 'query=1.broken'; }")
    assert BROKEN in page.inner_text("[data-testid=toast-body]")
    assert said(page) == "1 stroke."
    assert shown_ids(page) == ids


def test_a_long_link_is_said_to_be_long(open_page: "OpenPage") -> None:
    scribble = np.random.default_rng(3).integers(0, GRID + 1, 2 * 3000).tolist()
    query = PageQuery(Sketch((tuple(scribble),)), "on the snow", 3, 0.0)
    page = open_page(f"#{fragment_of(query)}", **CLIPBOARD)
    wait_for_answer(page, "showing the best 3")
    link = take(page, "link")
    assert query_of(link.split("#")[1]) == query
    assert len(link) > 8000
    assert taken(page).startswith(f"Link copied. It has {len(link):,} letters, and some programs cut links")


def test_where_the_clipboard_is_refused_the_text_can_be_copied_by_hand(open_page: "OpenPage") -> None:
    page = open_page()
    page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    ask(page, None)
    link = take(page, "link")
    assert "by hand" in taken(page)
    assert page.evaluate("() => getSelection().toString() || document.activeElement.value") == link


def test_clear_takes_the_row_away(open_page: "OpenPage") -> None:
    page = open_page()
    ask(page, None)
    page.wait_for_selector("#takeaway summary")
    page.click("#clear")
    page.wait_for_selector("#takeaway summary", state="hidden")
