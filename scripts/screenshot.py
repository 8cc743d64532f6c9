"""``python -m scripts.screenshot``: takes docs/screenshot.png anew, of the page with its shipped galleries.

It presses the example of the fish, in the light theme, without motion; 256 colours keep the file small.
"""

import argparse
import io
import os
from collections.abc import Sequence
from pathlib import Path

# Gradio reads this when it is imported
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from scripts.find_chromium import ADVICE, find_chromium
from stnet.checkpoint import choose_galleries
from stnet.search import SearchEngine
from stnet.search.opening import open_gallery
from webapp.examples import button_id, load_examples
from webapp.page import build, launch_options
from webapp.search_service import Answerer

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "screenshot.png"
DRAWN = "fish"  # the example that is pressed
WIDTH, HEIGHT = 1280, 800
PATIENCE = 300_000  # milliseconds; a machine that does nothing else needs a hundredth of them

# all pictures that are seen have come, and nothing moves or fades
STILL = """() => {
    const images = [...document.querySelectorAll("#results .thumbnail-item img")].filter(
        (image) => image.getBoundingClientRect().top < innerHeight);
    const moving = document.getAnimations().filter((one) => one.playState === "running");
    return images.length > 0 && images.every((one) => one.complete && one.naturalWidth) && !moving.length;
}"""


def shot(page: Page, address: str) -> Image.Image:
    """The page after the search of the example, (HEIGHT, WIDTH) in a palette of 256 colours."""
    page.goto(f"{address}?__theme=light")
    page.wait_for_selector("#results .wall-item img")
    place = [example.name for example in load_examples()].index(DRAWN)
    page.click(f"#{button_id(place)}")
    page.wait_for_selector("#results .thumbnail-item img")
    page.mouse.move(0, 0)  # nothing is hovered
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(STILL)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        return picture.convert("RGB").quantize(256)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshot", description=__doc__)
    parser.add_argument("--out", type=Path, default=PICTURE, help="the file to write (docs/screenshot.png)")
    options = parser.parse_args(arguments)
    executable = find_chromium()
    if executable is None:
        parser.error(ADVICE)
    first, *others = choose_galleries()
    engine = SearchEngine.from_pretrained(gallery=first)
    answerer = Answerer(engine, *(engine.on(open_gallery(other)) for other in others))
    answerer.calibrate()  # a visitor who is not the first doesn't wait for it
    served = build(answerer)
    _, address, _ = served.launch(
        prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", **launch_options()
    )
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            page = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce"
            ).new_page()
            page.set_default_timeout(PATIENCE)
            shot(page, address).save(options.out, optimize=True)
            browser.close()
    finally:
        served.close(verbose=False)


if __name__ == "__main__":
    main()
