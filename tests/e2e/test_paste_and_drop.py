"""What is pasted and dropped on the page, in Chromium: the paper takes what is meant for it, and no more."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.canvas_actions import paper, picture, said, tool, wait_until_said
from tests.e2e.query_actions import WORDS, open_options

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
# puts these kinds of content on the clipboard, a picture for image/png
COPY = """async (contents) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 40;
    canvas.getContext("2d").fillRect(0, 0, 20, 20);
    const picture = await new Promise((done) => canvas.toBlob(done));
    const blobs = Object.entries(contents).map(([kind, text]) =>
        [kind, kind === "image/png" ? picture : new Blob([text], { type: kind })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}"""
# dispatches dragover and drop with these contents; whether both were taken from the browser
DROP = """([selector, contents]) => {
    const transfer = new DataTransfer();
    for (const [kind, text] of Object.entries(contents)) {
        if (kind === "Files") transfer.items.add(new File([text], "drawing.png", { type: "image/png" }));
        else transfer.setData(kind, text);
    }
    const target = document.querySelector(selector);
    return ["dragover", "drop"].map((kind) => !target.dispatchEvent(
        new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer })));
}"""
CELL = {"text/plain": "on the snow", "text/html": "<td>on the snow</td>", "image/png": ""}
FILE = {"Files": "x"}
LINK = {"text/uri-list": "https://example.org/a.png", "text/plain": "https://example.org/a.png"}


def paste(page: "Page", **contents: str) -> None:
    page.evaluate(COPY, contents)
    page.keyboard.press("Control+v")


def test_what_a_spreadsheet_copies_is_words_for_the_words_box(open_page: "OpenPage") -> None:
    page = open_page(**CLIPBOARD)
    page.focus(WORDS)
    paste(page, **CELL)
    page.wait_for_function(
        "() => document.querySelector('#text').querySelector('input, textarea').value !== ''"
    )
    assert page.input_value(WORDS).strip() == "on the snow"
    assert said(page) == "Nothing is drawn yet."
    open_options(page)
    page.focus("#top_k input[type=number]")
    page.keyboard.press("Control+a")
    paste(page, **CELL | {"text/plain": "7"})
    assert page.input_value("#top_k input[type=number]") == "7"
    assert said(page) == "Nothing is drawn yet."


def test_a_picture_is_pasted_wherever_no_words_go(open_page: "OpenPage") -> None:
    page = open_page(**CLIPBOARD)

    def pasted(**contents: str) -> None:
        paste(page, **contents)
        wait_until_said(page, "A picture.")
        tool(page, "unpick").click()
        wait_until_said(page, "Nothing is drawn yet.")

    picture_alone = {"image/png": ""}
    page.evaluate("document.activeElement.blur()")
    pasted(**picture_alone)
    page.evaluate("document.activeElement.blur()")
    pasted(**CELL)  # nobody else would take the words
    paper(page).focus()
    pasted(**CELL)
    page.focus(WORDS)
    pasted(**picture_alone)  # a text box has no use for it
    assert page.input_value(WORDS) == ""
    paper(page).focus()
    paste(page, **{"text/plain": "on the snow"})
    assert said(page) == "Nothing is drawn yet."


def test_what_is_dropped_beside_the_paper_is_not_opened(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    draw(page)
    hint = page.locator("#sketch [data-part=hint]")
    for selector in ("body", "#answer", "#title", "#go", WORDS, "#examples button"):
        assert page.evaluate(DROP, [selector, FILE]) == [True, True], selector
        assert hint.inner_text() == "Pictures go on the paper: drop it there."
        assert said(page) == "1 stroke."
    for selector in ("body", "#answer", "#sketch canvas"):
        assert page.evaluate(DROP, [selector, LINK]) == [True, True], selector
        assert "save it and drop its file" in hint.inner_text()
    assert page.evaluate(DROP, [WORDS, LINK]) == [False, False]  # a text box takes the address
    assert page.evaluate(DROP, [WORDS, {"text/plain": "on the snow"}]) == [False, False]
    assert page.locator(".sketch-awaited").count() == 0


def test_the_browser_stays_where_it_is_when_a_file_is_dropped(
    open_page: "OpenPage", draw: "Draw", tmp_path: Path
) -> None:
    page = open_page()
    draw(page)
    address, session = page.url, page.context.new_cdp_session(page)

    def drop(selector: str) -> None:
        place = page.locator(selector).first
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        assert box is not None
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        data = {"items": [], "files": [str(picture(tmp_path))], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            session.send("Input.dispatchDragEvent", {"type": kind, "data": data} | where)

    for selector in ("#title", "#status", WORDS):
        drop(selector)
        page.locator("#sketch [data-part=hint] >> text=drop it there").wait_for()
        assert (page.url, len(page.context.pages), said(page)) == (address, 1, "1 stroke.")
    drop("#sketch canvas")
    wait_until_said(page, "A picture and 1 stroke.")
    assert page.locator("#sketch [data-part=hint]").inner_text() == ""
