"""The sketch canvas on a page of its own, in Chromium: what is drawn there arrives in Python, and back."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

from tests.e2e.canvas_actions import (
    bring,
    draw,
    draw_with_finger,
    paper,
    picture,
    pixels,
    said,
    tool,
    wait_until_said,
)
from tests.e2e.waiting import Told, wait_until
from webapp.canvas.strokes import GRID, MOST_STROKES, Sketch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EXAMPLE = Sketch(((100, 100, 900, 100), (100, 500, 900, 500), (500, 900)))
CROWDED = Sketch(((5, 5),) * (MOST_STROKES - 1))
VISITS = itertools.count(1)
OpenCanvas = Callable[..., "Page"]


class Served(NamedTuple):
    """A page around a canvas, and what Python hears of one visit: no test hears what another did late."""

    address: str
    heard: list[Told]
    visit: str

    @property
    def told(self) -> list[Told]:
        return [told for told in self.heard if told.visit == self.visit]

    def wait_for(self, page: "Page", event: str, count: int = 1) -> list[Sketch | None]:
        """The sketches that came with `event`, once there are `count` of them."""
        wait_until(
            lambda: len(self.of(event)) >= count,
            lambda: f"{count} times {event} expected, told: {self.told}",
            page,
        )
        return self.of(event)

    def wait_for_stroke(self, page: "Page", expected: list[int]) -> None:
        """Until what Python heard last ends with this stroke: Gradio leaves out changes in between."""

        def is_last() -> bool:
            sketch = (self.of("change") or [None])[-1]
            return sketch is not None and sketch.strokes[-1] == pytest.approx(expected, abs=2)

        wait_until(
            is_last,
            lambda: f"{expected} expected last, told: {self.told}",
            page,
        )

    def of(self, event: str) -> list[Sketch | None]:
        return [told.sketch for told in self.told if told.event == event]


@pytest.fixture(scope="module")
def canvas_server() -> Iterator[tuple[str, list[Told]]]:
    import gradio as gr

    from webapp.canvas import SketchCanvas

    heard: list[Told] = []

    def hear(event: str, request: gr.Request, sketch: Sketch | None, text: str = "") -> None:
        (visit,) = parse_qs(urlsplit(request.headers["referer"]).query)["visit"]
        heard.append(Told(visit, event, sketch, text))

    def listener(event: str) -> Callable[[Sketch | None, str, gr.Request], None]:
        def listen(sketch: Sketch | None, text: str, request: gr.Request) -> None:
            hear(event, request, sketch, text)

        return listen

    def text_submitted(text: str, request: gr.Request) -> None:
        hear("text", request, None, text)

    def echo(sketch: Sketch | None, request: gr.Request) -> Sketch | None:
        hear("echo", request, sketch)
        return sketch

    with gr.Blocks(analytics_enabled=False, title="Canvas") as page:
        canvas = SketchCanvas(elem_id="sketch", label="A thing", text_box="text", settle_after=0.2)
        text = gr.Textbox(label="Words", elem_id="text")
        for event in ("change", "settled", "submit"):
            getattr(canvas, event)(listener(event), [canvas, text], None)
        text.submit(text_submitted, text, None)
        for name, value in {"Example": EXAMPLE, "Empty": None, "Crowded": CROWDED}.items():
            gr.Button(name).click(lambda value=value: value, None, canvas, show_progress="hidden")
        gr.Button("Echo").click(echo, canvas, canvas, show_progress="hidden")
    _, address, _ = page.launch(
        prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", footer_links=[], ssr_mode=False
    )
    yield address.rstrip("/"), heard
    page.close()


@pytest.fixture
def served(canvas_server: tuple[str, list[Told]]) -> Served:
    return Served(*canvas_server, visit=str(next(VISITS)))


@pytest.fixture
def open_canvas(served: Served, browser: "Browser") -> Iterator[OpenCanvas]:
    """Opens the page. At the end: no page had an error or asked another host for anything."""
    contexts, errors, hosts = [], [], set()

    def open_one(query: str = "", width: int = 700, height: int = 1200, **options: Any) -> "Page":
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(f"{served.address}/?visit={served.visit}&{query}", wait_until="domcontentloaded")
        page.wait_for_selector("#sketch [data-ready]")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []
    assert hosts <= {urlsplit(served.address).netloc, ""}


def submitted(page: "Page", served: Served) -> Sketch | None:
    """What a search gets."""
    already = len(served.of("submit"))
    page.keyboard.press("Control+Enter")
    return served.wait_for(page, "submit", already + 1)[-1]


def assert_strokes(sketch: Sketch | None, *expected: list[int]) -> None:
    """The same corners, within the two units that half a pixel of the screen is."""
    assert sketch is not None
    assert [len(stroke) for stroke in sketch.strokes] == [len(stroke) for stroke in expected]
    for stroke, wanted in zip(sketch.strokes, expected, strict=True):
        assert stroke == pytest.approx(wanted, abs=2)


def test_the_first_stroke_counts_and_arrives_as_it_was_drawn(open_canvas: OpenCanvas, served: Served) -> None:
    page = open_canvas()
    assert said(page) == "Nothing is drawn yet."
    draw(page, (200, 200), (800, 200), (800, 700))
    assert said(page) == "1 stroke."
    (sketch,) = served.wait_for(page, "change")
    assert_strokes(sketch, [200, 200, 800, 200, 800, 700])
    assert served.wait_for(page, "settled") == [sketch]
    draw(page, (300, 900))  # a dot
    assert_strokes(served.wait_for(page, "change", 2)[1], [200, 200, 800, 200, 800, 700], [300, 900])
    submitted(page, served)
    assert len(served.of("change")) == 2
    shown = pixels(page)
    side = shown.shape[0]
    assert shown[round(200 / GRID * side), side // 2].max() < 60
    assert shown[side // 2, round(800 / GRID * side)].max() < 60
    assert shown[side // 2, side // 2].min() == 255


def test_undo_redo_erase_and_clear_by_buttons_and_keys(open_canvas: OpenCanvas, served: Served) -> None:
    page = open_canvas()
    for name in ("undo", "redo", "erase", "clear"):
        assert tool(page, name).is_disabled()
    for y in (200, 400, 600):
        draw(page, (100, y), (900, y))
    tool(page, "undo").click()
    assert said(page) == "2 strokes."
    tool(page, "redo").click()
    assert said(page) == "3 strokes."
    assert tool(page, "redo").is_disabled()
    assert paper(page).evaluate("node => node === document.activeElement")  # not lost with the button
    for keys, count in {"Control+z": 2, "Meta+z": 1, "Control+Shift+z": 2, "Control+y": 3}.items():
        page.keyboard.press(keys)
        assert said(page).startswith(f"{count} stroke")
    page.keyboard.press("e")
    assert tool(page, "erase").get_attribute("aria-pressed") == "true"
    assert said(page) == "3 strokes. Touch a stroke to erase it."
    draw(page, (500, 330), (500, 470))  # across the middle one only
    assert said(page).startswith("2 strokes.")
    page.keyboard.press("Delete")
    assert said(page) == "Nothing is drawn yet."
    assert tool(page, "erase").get_attribute("aria-pressed") == "false"
    draw(page, (100, 100), (500, 500))  # the pen is armed again
    assert said(page) == "1 stroke."
    tool(page, "clear").click()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert said(page) == "2 strokes."
    draw(page, (100, 900), (900, 900))
    assert_strokes(submitted(page, served), [100, 200, 900, 200], [100, 600, 900, 600], [100, 900, 900, 900])


def test_python_sets_the_paper(open_canvas: OpenCanvas, served: Served) -> None:
    page = open_canvas()
    page.click("text=Example")
    wait_until_said(page, "3 strokes.")
    assert served.wait_for(page, "change") == [EXAMPLE]
    shown = pixels(page).mean(axis=2)
    drawn = EXAMPLE.draw(shown.shape[0])
    assert np.abs(shown - np.asarray(drawn, dtype=float)).mean() < 2  # what Python draws is what is seen
    page.click("text=Empty")
    wait_until_said(page, "Nothing is drawn yet.")
    assert served.wait_for(page, "change", 2)[1] is None
    submitted(page, served)
    assert len(served.of("change")) == 2  # once for each
    draw(page, (100, 100), (900, 900))
    drawn_then = served.wait_for(page, "change", 3)[2]
    assert_strokes(drawn_then, [100, 100, 900, 900])
    assert served.wait_for(page, "settled") == [drawn_then]  # and not before: nobody drew


def test_a_full_paper_says_so(open_canvas: OpenCanvas, served: Served) -> None:
    page = open_canvas()
    page.click("text=Crowded")
    wait_until_said(page, f"{MOST_STROKES - 1} strokes.")
    draw(page, (100, 100), (900, 100))
    draw(page, (100, 900), (900, 900))
    assert said(page) == f"{MOST_STROKES} strokes."
    assert "The paper is full: 200 strokes" in page.inner_text("#sketch [role=alert]")
    shown = pixels(page)
    assert shown[round(900 / GRID * shown.shape[0]), shown.shape[1] // 2].min() == 255
    tool(page, "undo").click()
    draw(page, (100, 900), (900, 900))
    assert said(page) == f"{MOST_STROKES} strokes."
    served.wait_for_stroke(page, [100, 900, 900, 900])


def test_keys_of_the_whole_page(open_canvas: OpenCanvas, served: Served) -> None:
    page = open_canvas()
    page.wait_for_selector("#text textarea, #text input")
    page.keyboard.press("/")
    page.keyboard.type("a/e")
    assert page.input_value("#text textarea, #text input") == "a/e"
    assert said(page) == "Nothing is drawn yet."
    page.keyboard.press("Control+Enter")
    served.wait_for(page, "submit")
    # and not the text box's own submit too
    assert [told[1:] for told in served.told] == [("submit", None, "a/e")]
    paper(page).focus()
    page.keyboard.press("Tab")  # leaves, to the only button that has something to do
    assert tool(page, "pick").evaluate("node => node === document.activeElement")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('#sketch').contains(document.activeElement)")
    draw(page, (100, 100), (900, 900))
    page.keyboard.press("Meta+Enter")
    assert_strokes(served.wait_for(page, "submit", 2)[1], [100, 100, 900, 900])


def test_a_phone(open_canvas: OpenCanvas, served: Served) -> None:
    page = open_canvas(width=390, height=700, device_scale_factor=3, has_touch=True, is_mobile=True)
    box = paper(page).bounding_box()
    assert box is not None
    assert 300 < box["width"] <= 390
    assert paper(page).evaluate("node => [node.width, node.height]") == [round(box["width"] * 3)] * 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    session = page.context.new_cdp_session(page)
    # the paper's style may come after the paper
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('#sketch [data-part=paper]')).touchAction === 'none'"
    )
    draw_with_finger(page, session, *((500, y) for y in (900, 700, 500, 300, 100)))
    assert page.evaluate("window.scrollY") == 0
    (sketch,) = served.wait_for(page, "change")
    assert_strokes(sketch, [500, 900, 500, 100])
    stopped = "(node, kind) => !node.dispatchEvent(new TouchEvent(kind, {bubbles: true, cancelable: true}))"
    for kind in ("touchstart", "touchmove"):  # the browser need not have heeded the style
        assert paper(page).evaluate(stopped, kind)
    edge = page.locator("#sketch [data-part=paper]")
    assert edge.evaluate("node => getComputedStyle(node).touchAction") == "none"
    for name in ("undo", "redo", "erase", "clear", "pick"):
        button = tool(page, name).bounding_box()
        assert button is not None
        assert min(button["width"], button["height"]) >= 44  # a finger hits it


def test_paper_is_white_in_the_dark_and_axe_finds_nothing(open_canvas: OpenCanvas) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for theme in ("dark", "light"):
        page = open_canvas(f"__theme={theme}", device_scale_factor=2)
        assert paper(page).get_attribute("aria-label") == "A thing"
        assert paper(page).get_attribute("role") == "application"
        described = (paper(page).get_attribute("aria-describedby") or "").split()
        texts = [page.locator(f"#{name}").text_content() or "" for name in described]
        assert "Nothing is drawn yet." in texts[0]
        assert "Tab leaves" in texts[1]
        draw(page, (100, 100), (900, 900))
        page.keyboard.press("e")
        paper(page).focus()
        assert paper(page).evaluate("node => node.width / node.getBoundingClientRect().width") == 2
        shown = pixels(page)
        assert (np.sort(shown.min(axis=2).ravel())[shown.shape[0] * shown.shape[1] // 10 :] == 255).all()
        violations = Axe().run(page, context="#sketch").response["violations"]
        assert [(found["id"], found["nodes"]) for found in violations] == []


def test_a_picture_instead_of_strokes(open_canvas: OpenCanvas, served: Served, tmp_path: Path) -> None:
    page = open_canvas()
    uploads: list[str] = []
    page.on("request", lambda request: uploads.append(request.url) if "/upload" in request.url else None)
    file = picture(tmp_path)

    with page.expect_file_chooser() as chooser:
        tool(page, "pick").click()
    chooser.value.set_files(file)
    wait_until_said(page, "A picture.")
    sketch = served.wait_for(page, "change")[-1]
    assert sketch is not None
    assert sketch.strokes == ()
    assert sketch.draw().convert("L").tobytes() == Image.open(file).convert("L").tobytes()
    shown = pixels(page)
    side = shown.shape[0]
    assert shown[side // 4, side // 4].max() == 0
    assert shown[3 * side // 4, 3 * side // 4].min() == 255
    page.click("text=Echo")  # neither showing it again nor a search uploads it again
    assert served.wait_for(page, "echo") == [sketch]
    assert submitted(page, served) == sketch
    assert len(uploads) == 1

    draw(page, (600, 900), (900, 900))
    wait_until_said(page, "A picture and 1 stroke.")
    together = submitted(page, served)
    assert together is not None
    assert together.picture == sketch.picture
    assert len(together.strokes) == 1
    tool(page, "unpick").click()
    assert said(page) == "1 stroke."

    for kind, count in (("paste", 2), ("drop", 3)):
        bring(page, kind, file, "image/png")
        wait_until_said(page, "A picture and 1 stroke.")
        assert len(uploads) == count
        page.keyboard.press("Control+z")
        assert said(page) == "1 stroke."


def test_what_is_no_picture_is_refused_in_words(
    open_canvas: OpenCanvas, served: Served, tmp_path: Path
) -> None:
    page = open_canvas()
    uploads: list[str] = []
    page.on("request", lambda request: uploads.append(request.url) if "/upload" in request.url else None)
    alert = page.locator("#sketch [role=alert]")
    assert "PNG, JPEG or WebP, up to 10 MB" in page.inner_text("#sketch")
    (tmp_path / "notes.txt").write_text("no picture")
    for mime, text in (("text/plain", "not a picture for the paper"), ("image/png", "can't be read")):
        bring(page, "drop", tmp_path / "notes.txt", mime)
        alert.get_by_text(text).wait_for()
    (tmp_path / "large.png").write_bytes(bytes(10_100_000))
    page.locator("#sketch input[type=file]").set_input_files(tmp_path / "large.png")
    alert.get_by_text("That picture has 10.1 MB").wait_for()
    assert said(page) == "Nothing is drawn yet."
    assert uploads == []
    # a large picture is reduced before it is uploaded
    page.locator("#sketch input[type=file]").set_input_files(picture(tmp_path, (3000, 1500)))
    wait_until_said(page, "A picture.")
    assert alert.inner_text() == ""
    assert len(uploads) == 1
    sketch = submitted(page, served)
    assert sketch is not None
    assert sketch.draw().size == (1024, 512)
