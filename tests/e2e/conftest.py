"""One gallery, one server and one browser for all end-to-end tests."""

import json
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw

from scripts.find_chromium import ADVICE, find_chromium
from tests.e2e import canvas_actions
from webapp.canvas.strokes import GRID

if TYPE_CHECKING:
    from gradio_client import Client
    from playwright.sync_api import Browser, BrowserContext, Page

    from stnet.search import SearchEngine

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
SIZE = 96
PATIENCE = 120_000  # milliseconds; a machine that does nothing else needs a few hundred
PENS = {"red": (200, 30, 30), "green": (20, 140, 40), "blue": (30, 60, 200), "yellow": (230, 200, 20)}
SHAPES = ("ellipse", "rectangle", "line", "arc")
CREDIT = {"author": "Ann <b>& Bob", "licence": "CC-BY-SA-4.0", "url": "https://example.org/shapes"}
STRANGE_NAME = "<img src=x onerror=alert(1)> & 'quoted' élan.png"


HERE = Path(__file__).resolve().parent
OPEN_PAGES = pytest.StashKey["list[Page]"]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser test that fails runs once more, and the summary says so.

    It waits for states and never for times, but on a machine that does other work a page can, for the moment
    of one look, be in a state that nobody thought of.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails tells what its pages showed: on another machine that is all there is to go by."""
    report = yield
    if report.when == "call" and report.failed:
        for page in item.stash.get(OPEN_PAGES, []):
            if not page.is_closed():
                report.sections.append((f"page at {page.url}", page.inner_text("body")))
    return report


def draw_picture(shape: str, colour: str, place: int) -> Image.Image:
    """A shape somewhere on a grey ground."""
    picture = Image.new("RGB", (SIZE, SIZE), (90 + 10 * place, 120, 160 - 8 * place))
    pen = ImageDraw.Draw(picture)
    left, top = 8 + 9 * (place % 4), 10 + 7 * (place % 5)
    box = (left, top, left + 36, top + 40)
    if shape == "arc":
        pen.arc(box, 20, 300, fill=PENS[colour], width=6)
    elif shape == "line":
        pen.line(box, fill=PENS[colour], width=8)
    else:
        getattr(pen, shape)(box, fill=PENS[colour])
    return picture


@pytest.fixture(scope="session")
def tiny_gallery(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> Path:
    """Sixteen pictures, one of them with a name that HTML would choke on."""
    import torch

    from index_builder.building import build_gallery
    from index_builder.sources.folder import FolderSource
    from stnet.checkpoint import load_model

    root = tmp_path_factory.mktemp("gallery")
    pictures = root / "shapes"
    pictures.mkdir()
    known: list[str] = []
    names = [f"{colour} {shape}" for colour in PENS for shape in SHAPES]
    for place, name in enumerate(names):
        colour, shape = name.split()
        file = STRANGE_NAME if place == 0 else f"{name}.png"
        draw_picture(shape, colour, place).save(pictures / file)
        title = {"title": f"A {name}"} if place % 2 else {}
        known.append(json.dumps({"file_name": file} | title | CREDIT))
    (pictures / "metadata.jsonl").write_text("\n".join(known), encoding="utf-8")
    build_gallery(FolderSource(pictures), load_model(tiny_checkpoint, torch.device("cpu")), root / "built")
    return root / "built"


@pytest.fixture(scope="session")
def engine(tiny_checkpoint: Path, tiny_gallery: Path) -> "SearchEngine":
    from stnet.search import SearchEngine

    return SearchEngine.from_pretrained(tiny_checkpoint, tiny_gallery, "cpu")


@pytest.fixture(scope="session")
def server(engine: "SearchEngine") -> Iterator[str]:
    """The address of the page around the tiny gallery; MCP clients are served too."""
    from webapp.api.mcp_server import mcp_app
    from webapp.page import build, launch_options
    from webapp.search_service import Answerer

    host, answerer = "127.0.0.1", Answerer(engine)
    page = build(answerer)
    options = launch_options()
    options["app_kwargs"] |= mcp_app(answerer, host)
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, server_name=host, **options)
    yield address.rstrip("/")
    page.close()


@pytest.fixture(scope="session")
def client(server: str) -> "Client":
    from gradio_client import Client

    return Client(server, verbose=False)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    executable = find_chromium()
    if executable is None:
        pytest.fail(ADVICE)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(
    server: str, browser: "Browser", request: pytest.FixtureRequest
) -> "Iterator[Callable[..., Page]]":
    """Opens the page, all of it ready. At the end: no page had an error or asked another host for anything.

    Nothing moves by itself unless a test asks for `reduced_motion="no-preference"`: a place that is measured
    while the page still glides is another place a moment later.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []
    hosts: set[str] = set()
    pages = request.node.stash.setdefault(OPEN_PAGES, [])

    def open_one(query: str = "", width: int = 1280, height: int = 900, **options: object) -> "Page":
        still = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce"}
        context = browser.new_context(**still | options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        pages.append(page)
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(f"{server}/{query}", wait_until="domcontentloaded")
        page.wait_for_selector("#sketch [data-ready]")
        # what the page does once Gradio has made all its parts
        page.wait_for_selector("#status[aria-live]", state="attached")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []
    assert hosts <= {urlsplit(server).netloc, ""}  # "" is what data: and blob: have


@pytest.fixture
def draw() -> "Callable[[Page], None]":
    """Draws a diamond with the mouse, as one stroke."""

    def diamond(page: "Page") -> None:
        middle, reach = GRID / 2, GRID / 4
        corners = ((-1, 0), (0, -1), (1, 0), (0, 1), (-1, 0))
        canvas_actions.draw(page, *((middle + x * reach, middle + y * reach) for x, y in corners))
        canvas_actions.wait_until_said(page, "1 stroke.")

    return diamond


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A circle drawn in black on white, as a PNG."""
    return save_drawing(tmp_path / "circle.png", Image.new("RGB", (200, 160), "white"), "black")


@pytest.fixture
def transparent_drawing(tmp_path: Path) -> Path:
    """The same circle on transparent paper."""
    return save_drawing(tmp_path / "transparent.png", Image.new("RGBA", (200, 160)), "black")


def save_drawing(path: Path, paper: Image.Image, ink: str) -> Path:
    ImageDraw.Draw(paper).ellipse((50, 30, 150, 130), outline=ink, width=5)
    paper.save(path)
    return path
