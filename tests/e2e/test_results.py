"""The results and the view of one of them, in Chromium."""

import base64
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tests.e2e.conftest import CREDIT
from tests.e2e.query_actions import write

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

# every colour that changes slowly has become what it shall be
FADED = "() => document.getAnimations().every((one) => !(one instanceof CSSTransition))"

# no answer is on its way: Gradio lets what waits for one fade
ANSWERED = "() => document.querySelector('#panels .pending') === null"

# a result's picture has come and nothing it lies in lets through what is behind
SHOWN = """place => {
    const image = document.querySelectorAll("#results .thumbnail-item img")[place];
    let shown = image.complete && image.naturalWidth > 0;
    for (let one = image; one; one = one.parentElement) shown &&= getComputedStyle(one).opacity === "1";
    return shown;
}"""


def search(page: "Page", draw: "Draw") -> None:
    draw(page)
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item img")


def open_result(page: "Page", place: int) -> None:
    page.locator("#results .thumbnail-item").nth(place).click()
    page.wait_for_selector("#results dialog[open]")


def title(page: "Page") -> str:
    return page.inner_text("#results dialog h2")


def names(page: "Page") -> list[str]:
    images = page.locator("#results .thumbnail-item img").all()
    return [(image.get_attribute("alt") or "").split(": ", 1)[1] for image in images]


def wait_for_similar(page: "Page") -> None:
    page.wait_for_function("() => document.querySelector('#status').innerText.includes('used the picture')")


def serious(page: "Page") -> list[Any]:
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_function(FADED)
    page.wait_for_function(ANSWERED)
    found = Axe().run(page).response["violations"]
    return [(fault["id"], fault["nodes"]) for fault in found if fault["impact"] in ("serious", "critical")]


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_serious_on_start_results_and_detail(
    open_page: "OpenPage", draw: "Draw", theme: str, width: int
) -> None:
    page = open_page(f"?__theme={theme}", width=width)
    assert serious(page) == []
    search(page, draw)
    page.mouse.move(0, 0)
    page.wait_for_function(FADED)  # the button that was clicked
    assert serious(page) == []
    open_result(page, 0)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_search_sends_one_query_and_fetches_each_picture_once(open_page: "OpenPage", draw: "Draw") -> None:
    pictures = "() => [...document.querySelectorAll('#results .thumbnail-item img')]"
    page = open_page()
    page.wait_for_selector(
        "#results .wall-item img"
    )  # after that, pictures that it showed aren't fetched again
    draw(page)
    sent: list[tuple[str, str]] = []
    page.on("request", lambda request: sent.append((request.method, request.url)))
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item >> nth=11")
    page.wait_for_function(f"() => ({pictures})().every((image) => image.naturalWidth > 0)")
    assert [method for method, _ in sent].count("POST") == 1
    fetched = [url for _, url in sent if "file=" in url]
    assert len(fetched) == len(set(fetched))
    assert set(fetched) <= set(page.evaluate(f"({pictures})().map((image) => image.src)"))


def test_the_large_view_is_used_by_keyboard_alone(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    search(page, draw)
    page.locator("#results .thumbnail-item").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#results dialog[open]")
    assert title(page) == "Result 2 of 12"
    page.keyboard.press("ArrowRight")
    assert title(page) == "Result 3 of 12"
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert title(page) == "Result 1 of 12"
    page.keyboard.press("Escape")
    page.wait_for_selector("#results dialog", state="hidden")
    assert page.evaluate(
        "document.activeElement === document.querySelectorAll('#results .thumbnail-item')[1]"
    )


def test_the_large_view_credits_the_picture_with_links(open_page: "OpenPage") -> None:
    page = open_page()
    write(page, "a red one")
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item img")
    open_result(page, 0)
    assert CREDIT["author"] in page.inner_text("#results dialog dl")
    links = page.locator("#results dialog dd a").all()
    assert [(link.inner_text(), link.get_attribute("href")) for link in links] == [
        (CREDIT["licence"], "https://creativecommons.org/licenses/by-sa/4.0/"),
        (CREDIT["url"], CREDIT["url"]),
    ]
    assert {link.get_attribute("rel") for link in links} == {"noopener noreferrer nofollow"}


def brightness(page: "Page", place: int) -> np.ndarray:
    """A result's picture as it is on the screen once nothing fades any more, (H, W) in 0..255."""
    page.mouse.move(0, 0)
    page.wait_for_function(SHOWN, arg=place)
    page.wait_for_function(FADED)
    shot = page.locator("#results .thumbnail-item .results-stage").nth(place).screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("L"), dtype=float)


def test_a_result_shows_what_was_found_and_its_heat_on_request(
    open_page: "OpenPage", engine: "SearchEngine"
) -> None:
    words, edge = "a red one", 6  # pixels of the frame, and a blur
    page = open_page()
    write(page, words)
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item img")
    boxes = [result.box for result in engine.search(text=words).results]
    sizes = [0.0 if box is None else (box[2] - box[0]) * (box[3] - box[1]) for box in boxes]
    place = next(place for place, size in enumerate(sizes) if 0.05 < size < 0.8)
    x0, y0, x1, y1 = boxes[place] or (0, 0, 1, 1)
    shown = brightness(page, place)
    page.check("#results [data-part=heat-shown]")
    assert page.locator("#results .results-grid .results-heat").nth(place).is_visible()
    page.uncheck("#results [data-part=heat-shown]")
    assert page.locator("#results .results-grid .results-heat").nth(place).is_hidden()
    page.add_style_tag(content=".results-frame { visibility: hidden; }")
    bare = brightness(page, place)
    height, width = bare.shape
    inside, near = np.zeros(bare.shape, bool), np.zeros(bare.shape, bool)
    rows, columns = (round(y0 * height), round(y1 * height)), (round(x0 * width), round(x1 * width))
    inside[rows[0] + edge : rows[1] - edge, columns[0] + edge : columns[1] - edge] = True
    near[max(0, rows[0] - edge) : rows[1] + edge, max(0, columns[0] - edge) : columns[1] + edge] = True
    assert np.abs(shown - bare)[inside].max() <= 2
    assert shown[~near].mean() < 0.8 * bare[~near].mean()


def test_the_large_view_begins_without_heat_unless_it_was_asked_for(open_page: "OpenPage") -> None:
    page = open_page()
    write(page, "a red one")
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item img")
    heat = "canvas => canvas.style.opacity"
    dims = "frame => getComputedStyle(frame).boxShadow !== 'none'"
    for asked, opacity in ((False, "0"), (True, "0.7")):
        page.set_checked("#results [data-part=heat-shown]", asked)
        open_result(page, 0)
        assert page.locator("#results dialog canvas").evaluate(heat) == opacity
        assert page.locator("#results dialog .results-frame").evaluate(dims) is not asked
        page.keyboard.press("Escape")
        page.wait_for_selector("#results dialog", state="hidden")


def test_the_heat_map_is_the_attention_and_its_slider_asks_nothing_of_the_server(
    open_page: "OpenPage", engine: "SearchEngine"
) -> None:
    page = open_page()
    write(page, "a red one")
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item img")
    open_result(page, 1)
    painted = page.locator("#results dialog canvas").evaluate("canvas => canvas.toDataURL().split(',')[1]")
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(painted))))[..., 3]
    result = engine.search(text="a red one").results[1]
    assert result.heatmap is not None
    expected = np.sqrt(enlarged(result.heatmap / result.heatmap_max, len(shown)))
    assert np.abs(shown / 255 - expected).max() < 0.05  # the browser gets whole bytes

    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator("#results input[type=range]").fill("20")
    assert page.locator("#results dialog canvas").evaluate("canvas => canvas.style.opacity") == "0.2"
    assert requests == []


def enlarged(values: np.ndarray, side: int) -> np.ndarray:
    """Linear between the middles of patches: (rows, columns) -> (side, side)"""
    places = (np.arange(side) + 0.5) / side
    rows, columns = ((np.arange(count) + 0.5) / count for count in values.shape)
    across = np.stack([np.interp(places, columns, row) for row in values])
    return np.stack([np.interp(places, rows, column) for column in across.T], axis=1)


def test_the_drawing_settles_on_what_was_found_and_fades(open_page: "OpenPage", draw: "Draw") -> None:
    strokes = "#results dialog .results-strokes"
    page = open_page(reduced_motion="no-preference")
    search(page, draw)
    page.evaluate("() => { window.seen = []; }")
    page.evaluate(
        """strokes => new MutationObserver(() => {
            const drawing = document.querySelector(strokes);
            if (!drawing) return;
            window.seen.push([drawing.style.cssText, drawing.querySelectorAll('.results-stroke').length]);
        }).observe(document.querySelector('#results dialog'), { childList: true, subtree: true })""",
        strokes,
    )
    open_result(page, 0)
    page.wait_for_function("() => window.seen.length > 0")
    style, count = page.evaluate("() => window.seen[0]")
    frame = page.locator("#results dialog .results-frame").get_attribute("style")
    assert count == 1 and style == frame  # one stroke, where the frame is
    page.wait_for_selector(strokes, state="detached")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => window.seen.length > 1")
    page.keyboard.press("Escape")


def test_who_wants_no_motion_sees_no_strokes(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    search(page, draw)
    open_result(page, 0)
    assert page.locator("#results dialog .results-frame").is_visible()
    assert page.locator("#results dialog .results-strokes").count() == 0


def test_the_frame_is_searched_and_can_be_dragged(
    open_page: "OpenPage", draw: "Draw", engine: "SearchEngine"
) -> None:
    page = open_page()
    search(page, draw)
    name = names(page)[0]
    open_result(page, 0)
    stage = page.locator("#results dialog .results-stage").bounding_box()
    assert stage is not None
    page.mouse.move(stage["x"] + stage["width"] * 0.25, stage["y"] + stage["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * 0.75, stage["y"] + stage["height"] * 0.5)
    page.mouse.up()
    page.click("#results [data-action=region]")
    wait_for_similar(page)
    page.wait_for_selector("#results .results-heat", state="attached")
    expected = engine.similar(name, 12, (0.25, 0.25, 0.75, 0.5)).results
    assert names(page)[:3] == [result.id for result in expected][:3]


def test_more_like_the_whole_picture(open_page: "OpenPage", draw: "Draw", engine: "SearchEngine") -> None:
    page = open_page()
    search(page, draw)
    name = names(page)[2]
    open_result(page, 2)
    page.click("#results [data-action=similar]")
    wait_for_similar(page)
    page.wait_for_function("() => !document.querySelector('#results .results-heat')")
    assert names(page) == [result.id for result in engine.similar(name, 12).results]
    open_result(page, 0)
    assert page.locator("#results [data-action=region]").is_disabled()  # until a frame is dragged


def test_a_tile_names_the_picture_and_the_large_view_compares_it(
    open_page: "OpenPage", engine: "SearchEngine"
) -> None:
    page = open_page()
    write(page, "a red one")
    page.click("#go")
    page.wait_for_selector("#results .thumbnail-item img")
    found = engine.search(text="a red one").results
    lines = page.locator("#results .results-line").all_inner_texts()
    titles = [result.metadata.get("title", "") for result in found]
    assert any(titles) and not all(titles)
    assert [line.split("\n") for line in lines] == [
        [f"{result.rank}", title] if title else [f"{result.rank}"]
        for result, title in zip(found, titles, strict=True)
    ]
    open_result(page, 0)
    said = page.inner_text("#results dialog [data-part=standing]")
    assert said == f"It is above {found[0].percentile:.1f} % of the gallery."


def test_words_can_be_added_to_the_drawing(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    search(page, draw)
    open_result(page, 0)
    page.click("#results [data-action=text]")
    assert page.evaluate("document.activeElement.closest('#text') !== null")
    assert "1 stroke." in page.inner_text("#sketch [role=status]")
