"""``python -m benchmarks.page_speed``: how long a visitor waits, and what a search sends.

Our page and its peer are served and visited in one run, in turns, each visit with an empty cache. The peer is
what plain Gradio makes of the same search: a Sketchpad, a Textbox, a Button and a Gallery around the same
engine. It has no heat maps, examples or photos of the visitor's own.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

# Gradio reads this when it is imported
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr
import torch
from playwright.sync_api import sync_playwright

from benchmarks.counting_proxy import HOST, CountingProxy
from benchmarks.page_speed_table import ROWS, markdown
from benchmarks.page_visit import BROWSER_ARGUMENTS, Site, Visit, visit
from scripts.find_chromium import ADVICE, find_chromium
from stnet.search import SearchEngine
from webapp.page import build, launch_options
from webapp.search_service import Answerer

PEER_PEN = "#sketch button[aria-label='Brush']:not(.highlight)"  # a Sketchpad opens with no tool chosen


def plain_page(engine: SearchEngine) -> gr.Blocks:
    """The peer, with Gradio's own settings."""

    def search(drawn: dict[str, Any], text: str) -> list[tuple[Any, str]]:
        found = engine.search(drawn["composite"], text)
        return [(result.picture, result.id) for result in found.results]

    with gr.Blocks(analytics_enabled=False) as page:
        sketch = gr.Sketchpad(type="pil", elem_id="sketch")
        text = gr.Textbox(label="Words", elem_id="text")
        go = gr.Button("Search", elem_id="go")
        results = gr.Gallery(columns=4, elem_id="results")
        go.click(search, [sketch, text], results)
    return page


@contextmanager
def served(page: gr.Blocks, pen_button: str | None = None, **options: Any) -> Iterator[Site]:
    """The page behind a proxy that counts, until the end of the block."""
    page.launch(prevent_thread_lock=True, quiet=True, server_name=HOST, **options)
    try:
        proxy = CountingProxy(page.server_port)
        with proxy.running():
            yield Site(proxy, pen_button)
    finally:
        page.close(verbose=False)


def measure(count: int, executable: str) -> dict[str, list[Visit]]:
    """`count` visits to each page after one that isn't counted."""
    engine = SearchEngine.from_pretrained()
    engine.calibrate()
    visits: dict[str, list[Visit]] = {"ours": [], "plain": []}
    with ExitStack() as stack:
        sites = {
            "ours": stack.enter_context(served(build(Answerer(engine)), **launch_options())),
            "plain": stack.enter_context(served(plain_page(engine), PEER_PEN, share=False, ssr_mode=False)),
        }
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
        for number in range(count + 1):
            for name, site in sites.items():
                measured = visit(browser, site)
                print(f"visit {number} of {count}, {name}: {measured}", file=sys.stderr, flush=True)
                if number > 0:
                    visits[name].append(measured)
        browser.close()
    return visits


def figures_of(visits: Mapping[str, Sequence[Visit]]) -> dict[str, Any]:
    """What the run found, as docs/results/page-speed.json holds it."""
    found = {name: medians(measured) for name, measured in visits.items()}
    return {"kind": "page speed", "visits": len(visits["ours"]), **found}


def medians(visits: Sequence[Visit]) -> dict[str, float]:
    """The median of every figure; bytes as kB of 1,000."""
    middle = {name: statistics.median(getattr(one, name) for one in visits) for name in ROWS}
    return middle | {"up": middle["up"] / 1000, "down": middle["down"] / 1000}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_speed", description=__doc__)
    parser.add_argument("--visits", type=int, default=7, help="to each page, after a warm-up (7)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    if options.visits <= 0:
        parser.error("--visits must be positive")
    executable = find_chromium()
    if executable is None:
        parser.error(ADVICE)
    torch.set_num_threads(1)  # as in app.py
    figures = figures_of(measure(options.visits, executable))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(markdown(figures))


if __name__ == "__main__":
    main()
