"""One visit to a page in Chromium: draw as soon as that works, search, wait for the pictures."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, Request

from benchmarks.counting_proxy import CountingProxy
from stnet.search.query import DEFAULT_RESULTS

TEXT = "on the snow, at night"
# nothing but this machine is asked for anything
BROWSER_ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
VIEW = {"width": 1280, "height": 1800}  # everything in sight: browsers leave out pictures that are not
PATIENCE = 120_000  # milliseconds
QUIET = 1.0  # seconds without a byte, after which nothing more is expected
# six strokes, a house, in 0..1 of a square in the middle of the paper
STROKES = (
    ((0.2, 0.45), (0.8, 0.45)),
    ((0.2, 0.45), (0.5, 0.1), (0.8, 0.45)),
    ((0.2, 0.45), (0.2, 0.95), (0.8, 0.95), (0.8, 0.45)),
    ((0.45, 0.95), (0.45, 0.7), (0.6, 0.7), (0.6, 0.95)),
    ((0.28, 0.55), (0.4, 0.55), (0.4, 0.65), (0.28, 0.65), (0.28, 0.55)),
    ((0.68, 0.32), (0.68, 0.15), (0.74, 0.15), (0.74, 0.38)),
)
SQUARE = 0.3  # of the paper's shorter side: inside what a Sketchpad shows of its canvas
DARK = 128  # of 255
# a click starts the clock; it stops when a frame with all pictures, decoded, has been painted
WATCH = """count => {
    window.searched = new Promise(resolve => {
        document.querySelector('#go').addEventListener('click', () => {
            const start = performance.now();
            const images = () => [...document.querySelectorAll('#results .thumbnail-item img')];
            const look = async () => {
                const shown = images();
                const loaded = shown.filter(one => one.complete && one.naturalWidth > 0);
                if (loaded.length !== count) return requestAnimationFrame(look);
                await Promise.all(shown.map(one => one.decode()));
                requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
            };
            look();
        }, { capture: true, once: true });
    });
}"""


@dataclass(frozen=True)
class Visit:
    """What one visit took.

    Attributes:
        pen: milliseconds from navigation to the first stroke that leaves ink.
        requests, uploads: of one search; `uploads` are the POSTs that send files.
        up, down: bytes of one search, with heads.
        search: milliseconds from the click to twelve painted pictures.
    """

    pen: float
    requests: float
    uploads: float
    up: float
    down: float
    search: float


@dataclass(frozen=True)
class Site:
    """A page with the elements #sketch, #text, #go and #results.

    Attributes:
        proxy: in front of its server.
        pen_button: what has to be pressed before one can draw; None if one can draw at once.
    """

    proxy: CountingProxy
    pen_button: str | None = None


def is_inked(shot: Image.Image) -> bool:
    """Whether a line runs through a picture from left to right: nearly every column has a dark pixel."""
    dark = np.asarray(shot.convert("L")) < DARK
    return bool(dark.any(axis=0).mean() > 0.9)


def visit(browser: Browser, site: Site) -> Visit:
    """Open the page with nothing cached, draw six strokes, say something, search."""
    context = browser.new_context(viewport={"width": VIEW["width"], "height": VIEW["height"]})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    try:
        pen = _milliseconds_to_ink(page, site)
        _wait_for_quiet(page, site.proxy)
        before = (site.proxy.up, site.proxy.down)
        with _requests(page, site.proxy.address) as requests:
            search = _milliseconds_to_pictures(page)
            _wait_for_quiet(page, site.proxy)
        uploads = [one for one in requests if one.method == "POST" and "/upload" in one.url]
        up, down = site.proxy.up - before[0], site.proxy.down - before[1]
        return Visit(pen, len(requests), len(uploads), up, down, search)
    finally:
        context.close()


@contextmanager
def _requests(page: Page, address: str) -> Iterator[list[Request]]:
    """The requests to this address from now on, while the block runs."""
    seen: list[Request] = []

    def see(request: Request) -> None:
        if request.url.startswith(address):  # not what the page itself holds, as blob: and data: addresses
            seen.append(request)

    page.on("request", see)
    yield seen
    page.remove_listener("request", see)


def _milliseconds_to_ink(page: Page, site: Site) -> float:
    """Try the first stroke again and again, from the moment that there is paper."""
    start = time.perf_counter()
    page.goto(site.proxy.address, wait_until="commit")
    page.locator("#sketch canvas").first.wait_for()
    while time.perf_counter() < start + PATIENCE / 1000:
        if site.pen_button is not None and page.locator(site.pen_button).count():
            page.click(site.pen_button)
        _draw(page, STROKES[0])
        if is_inked(_shot_of_first_stroke(page)):
            return 1000 * (time.perf_counter() - start)
    raise RuntimeError(f"no stroke left ink within {PATIENCE / 1000:.0f} s on {site.proxy.address}")


def _milliseconds_to_pictures(page: Page) -> float:
    for stroke in STROKES[1:]:
        _draw(page, stroke)
    page.fill("#text input, #text textarea", TEXT)
    page.evaluate(WATCH, DEFAULT_RESULTS)
    page.click("#go")
    return float(page.evaluate("() => window.searched"))


def _square(page: Page) -> tuple[float, float, float]:
    """Left, top and side of the square that is drawn in, in pixels of the window."""
    box = page.locator("#sketch canvas").first.bounding_box()
    if box is None:
        raise RuntimeError("the paper is not shown any more")
    side = SQUARE * min(box["width"], box["height"])
    return box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2, side


def _draw(page: Page, stroke: tuple[tuple[float, float], ...]) -> None:
    left, top, side = _square(page)
    points = [(left + x * side, top + y * side) for x, y in stroke]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()


def _shot_of_first_stroke(page: Page) -> Image.Image:
    left, top, side = _square(page)
    (start, height), (end, _) = STROKES[0]
    middle = top + height * side
    clip = {"x": left + start * side + 2, "y": middle - 4, "width": (end - start) * side - 4, "height": 8}
    return Image.open(io.BytesIO(page.screenshot(clip=clip)))  # type: ignore[arg-type]


def _wait_for_quiet(page: Page, proxy: CountingProxy) -> None:
    seen, since = -1, time.perf_counter()
    while time.perf_counter() < since + QUIET:
        page.wait_for_timeout(50)
        if proxy.up + proxy.down != seen:
            seen, since = proxy.up + proxy.down, time.perf_counter()
