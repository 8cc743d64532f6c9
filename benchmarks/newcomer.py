"""``python -m benchmarks.newcomer``: what somebody finds who draws for the first time.

Replays twenty drawings by people (newcomer.json, which names their source and licence) by mouse on the real
page in Chromium, once alone and once with the thing's name as words, and counts how many of the first twelve
results hold the thing, as stnet/data/splits/photo-gallery.json knows it of the gallery of photographs.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Gradio reads this when it is imported
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import torch
from playwright.sync_api import Page, sync_playwright

from benchmarks.newcomer_table import WAYS, markdown
from benchmarks.page_visit import BROWSER_ARGUMENTS, PATIENCE
from scripts.find_chromium import ADVICE, find_chromium
from stnet.search import SearchEngine
from stnet.search.query import DEFAULT_RESULTS
from webapp.page import build, launch_options
from webapp.search_service import Answerer

DRAWINGS = Path(__file__).resolve().parent / "newcomer.json"
SIDE = 256  # of the square in which strokes are given
ROOM = 0.8  # of the paper that a drawing takes
WORDS = "#text input, #text textarea"
SHOWN = "() => [...document.querySelectorAll('#results .thumbnail-item img')].map((image) => image.alt)"


@dataclass(frozen=True)
class Drawing:
    """A recorded drawing: strokes of (x, y) in 0..SIDE, and the ids of the pictures that hold the thing."""

    thing: str
    strokes: Sequence[Sequence[tuple[int, int]]]
    pictures: frozenset[str]


def load_drawings(path: Path = DRAWINGS) -> list[Drawing]:
    """Read the recorded drawings.

    Raises:
        ValueError: if the file isn't what newcomer.json is.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["drawings"]
        return [
            Drawing(
                entry["thing"],
                [[(int(x), int(y)) for x, y in stroke] for stroke in entry["strokes"]],
                frozenset(entry["pictures"]),
            )
            for entry in entries
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} holds no recorded drawings: {error!r}") from error


def replay(page: Page, address: str, drawing: Drawing, words: str) -> list[str]:
    """Open the page, draw, say the words, search: the ids of what is shown, best first."""
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector("#sketch [data-ready]")
    page.evaluate("() => sessionStorage.clear()")
    paper = page.locator("#sketch canvas").bounding_box()
    if paper is None:
        raise RuntimeError(f"there is no paper on {address}")
    scale = ROOM * paper["width"] / SIDE
    left, top = (paper[side] + (1 - ROOM) / 2 * paper["width"] for side in ("x", "y"))
    for stroke in drawing.strokes:
        (x, y), *others = ((left + x * scale, top + y * scale) for x, y in stroke)
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in others:
            page.mouse.move(x, y)
        page.mouse.up()
    page.fill(WORDS, words)
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item img")
    return [alternative.rsplit(": ", 1)[1] for alternative in page.evaluate(SHOWN)]


def right(found: Sequence[str], drawing: Drawing) -> int:
    """How many of the first results hold the thing."""
    return len(set(found[:DEFAULT_RESULTS]) & drawing.pictures)


@contextmanager
def served() -> Iterator[str]:
    """The address of the page around the checkpoint and galleries that a server opens by itself."""
    engine = SearchEngine.from_pretrained()
    page = build(Answerer(engine))
    options = launch_options()
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", **options)
    try:
        yield address
    finally:
        page.close(verbose=False)


def measure(address: str, drawings: Sequence[Drawing], executable: str) -> dict[str, Any]:
    """The figures as docs/results/newcomer.json holds them."""
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
        for drawing in drawings:
            row: dict[str, Any] = {"thing": drawing.thing, "pictures": len(drawing.pictures)}
            for way in WAYS:
                page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
                page.set_default_timeout(PATIENCE)
                words = drawing.thing if way == "named" else ""
                row[way] = right(replay(page, address, drawing, words), drawing)
                page.context.close()
            print(row, file=sys.stderr, flush=True)
            rows.append(row)
        browser.close()
    return {"kind": "newcomer", "shown": DEFAULT_RESULTS, "drawings": rows}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.newcomer", description=__doc__)
    parser.add_argument("--address", help="of a page that is served already, with the gallery of photographs")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    executable = find_chromium()
    if executable is None:
        parser.error(ADVICE)
    torch.set_num_threads(1)  # as in app.py
    if options.address:
        figures = measure(options.address, load_drawings(), executable)
    else:
        with served() as address:
            figures = measure(address, load_drawings(), executable)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(markdown(figures))


if __name__ == "__main__":
    main()
