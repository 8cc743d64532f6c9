"""How the page is laid out, in Chromium: nothing jumps, tiles are alike, a wide window is used."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.e2e.query_actions import wait_for_answer, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

MOST_SHIFT = 0.05  # half of what web.dev calls good
MOST_REQUESTS = 65  # at the first load; ours bring none but the page itself
# what has moved by itself until now, with what moved most
SHIFTS = """() => new Promise((done) => {
    const found = [];
    const see = (list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries()) {
            if (!hadRecentInput) found.push([value, sources.map(({ node }) => node?.id || node?.className)]);
        }
    };
    new PerformanceObserver((list) => see(list)).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(found))));
})"""


def shift(page: "Page") -> tuple[float, Any]:
    found = page.evaluate(SHIFTS)
    return sum(value for value, _ in found), found


def wait_for_pictures(page: "Page") -> None:
    page.wait_for_function(
        """() => {
            const images = [...document.querySelectorAll("#results img")];
            return images.length > 0 && images.every((image) => image.naturalWidth > 0);
        }"""
    )


def sizes(page: "Page", selector: str) -> list[list[float]]:
    found: list[list[float]] = page.locator(selector).evaluate_all(
        "nodes => nodes.map((node) => node.getBoundingClientRect()).map((box) => [box.width, box.height])"
    )
    return found


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_nothing_jumps_while_the_page_and_the_first_answer_come(
    open_page: "OpenPage", width: int, height: int
) -> None:
    page = open_page(width=width, height=height)
    page.wait_for_selector("#status >> text=pictures are ready")
    loaded, moved = shift(page)
    assert loaded < MOST_SHIFT, moved
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "used your words only")
    wait_for_pictures(page)
    after, moved = shift(page)
    assert after - loaded < MOST_SHIFT, moved


def test_a_part_that_never_comes_hides_the_others_for_some_seconds_only(open_page: "OpenPage") -> None:
    page = open_page()
    page.evaluate("document.querySelector('#go').remove()")
    page.wait_for_selector("#panels", state="attached")
    assert page.locator("#panels").evaluate("node => getComputedStyle(node).visibility") == "hidden"
    page.evaluate("document.getAnimations().find((one) => one.animationName === 'seen').finish()")
    assert page.locator("#panels").evaluate("node => getComputedStyle(node).visibility") == "visible"


def test_pictures_have_their_room_before_they_are_there(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    waiting: list[Any] = []
    page.route("**/gradio_api/file=**", lambda route: waiting.append(route))
    draw(page)
    page.click("#go")
    wait_for_answer(page, "used your drawing only")
    before = sizes(page, "#results .thumbnail-item, #results .results-stage")
    assert page.locator("#results img").evaluate_all("images => images.every((one) => !one.naturalWidth)")
    for route in waiting:
        route.continue_()
    page.unroute("**/gradio_api/file=**")
    wait_for_pictures(page)
    assert sizes(page, "#results .thumbnail-item, #results .results-stage") == before


def test_tiles_are_alike_and_pictures_keep_their_shape(open_page: "OpenPage", tmp_path: Path) -> None:
    page = open_page()
    files = []
    for number, size in enumerate([(900, 300), (300, 900), (400, 400), (640, 480)]):
        files.append(tmp_path / f"{number}.png")
        Image.new("RGB", size, (60 * number, 90, 120)).save(files[-1])
    page.click("#photos button >> nth=0")
    page.wait_for_selector("#photo-picker [data-ready]")
    page.set_input_files("#photo-picker input[type=file]", files)
    page.wait_for_selector("#photos-said >> text=4 photos are ready")
    write(page, "a red one")
    page.click("#go")
    wait_for_answer(page, "of your 4 photos")
    wait_for_pictures(page)
    assert len({tuple(size) for size in sizes(page, "#results .thumbnail-item")}) == 1
    rooms, stages = sizes(page, "#results .results-room"), sizes(page, "#results .results-stage")
    shapes = sorted(width / height for width, height in stages)
    assert shapes == pytest.approx([1 / 3, 1, 4 / 3, 3], rel=0.02)
    for (room_width, room_height), (width, height) in zip(rooms, stages, strict=True):
        assert width <= room_width + 1 and height <= room_height + 1


def test_a_wide_window_is_used(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page(width=1920, height=1080)
    draw(page)
    page.click("#go")
    wait_for_answer(page, "used your drawing only")
    edges = page.evaluate(
        """() => {
            const box = (selector) => document.querySelector(selector).getBoundingClientRect();
            return [box("#query").left, box("#answer").right, box("#go").bottom];
        }"""
    )
    assert edges[1] - edges[0] > 0.85 * 1920
    assert edges[2] <= 1080
    tops = page.locator("#results .thumbnail-item").evaluate_all(
        "tiles => tiles.map((tile) => tile.getBoundingClientRect().top)"
    )
    assert tops.count(tops[0]) >= 5


def test_the_first_load_asks_for_nothing_of_ours_but_the_page(open_page: "OpenPage") -> None:
    page = open_page()
    page.wait_for_selector("#status >> text=pictures are ready")
    page.wait_for_function("document.querySelectorAll('#results .wall-item img').length === 16")
    wall = page.eval_on_selector_all("#results .wall-item img", "images => images.map(({ src }) => src)")
    every = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    asked = [name for name in every if name not in wall]
    assert 10 < len(asked) < MOST_REQUESTS
    assert [name for name in asked if "file=" in name or "markdown" in name] == []
    # an example shows its drawing all the same
    for button in page.locator("#examples button").all():
        style = button.evaluate("node => getComputedStyle(node, '::before').backgroundImage")
        assert style.startswith('url("data:image/svg+xml')
