"""The drawing and the words stay in the browser's tab, in Chromium."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e import canvas_actions
from tests.e2e.canvas_actions import bring, paper, picture, said, tool, wait_until_said
from tests.e2e.query_actions import WORDS, wait_for_answer, write
from webapp.canvas import Sketch
from webapp.query import PageQuery
from webapp.share.link import BROKEN, fragment_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from stnet.search import SearchEngine

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

TYPED = 'left of a "green" square\'s ☃'
LINK = fragment_of(PageQuery(Sketch(((100, 100, 900, 900), (100, 900, 900, 100))), "a red one", 3, 0.0))


def wait_for_words(page: "Page", words: str) -> None:
    page.wait_for_function(
        "([box, words]) => document.querySelector(box)?.value === words", arg=[WORDS, words]
    )


def drawn(page: "Page") -> str:
    """The paper's pixels."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return str(paper(page).evaluate("node => node.toDataURL()"))


def reload(page: "Page") -> None:
    page.reload(wait_until="domcontentloaded")
    ready(page)


def ready(page: "Page") -> None:
    page.wait_for_selector("#sketch [data-ready]")
    page.wait_for_selector(WORDS)


def test_a_reload_and_back_keep_drawing_and_words(open_page: "OpenPage", draw: "Draw", server: str) -> None:
    page = open_page()
    draw(page)
    canvas_actions.draw(page, (100, 100), (900, 100))
    wait_until_said(page, "2 strokes.")
    write(page, TYPED)
    before = drawn(page)
    for _ in range(2):
        reload(page)
        wait_for_words(page, TYPED)
        wait_until_said(page, "2 strokes.")
        assert drawn(page) == before
    page.goto(f"{server}/config")
    page.go_back()
    ready(page)
    wait_for_words(page, TYPED)
    wait_until_said(page, "2 strokes.")
    page.click("#go")  # and Python hears of both
    wait_for_answer(page, "used your drawing and your words")
    tool(page, "erase").click()
    assert said(page).startswith("2 strokes.")
    other = open_page()  # another tab is another sheet
    assert said(other) == "Nothing is drawn yet."
    assert other.input_value(WORDS) == ""


def test_what_python_puts_on_the_page_stays_too_and_what_is_cleared_is_gone(open_page: "OpenPage") -> None:
    page = open_page()
    page.locator("#examples button").first.click()
    wait_for_answer(page, "used your drawing and your words")
    strokes, words = said(page), page.input_value(WORDS)
    assert words != ""
    reload(page)
    wait_for_words(page, words)
    wait_until_said(page, strokes)
    page.click("#clear")
    wait_until_said(page, "Nothing is drawn yet.")
    wait_for_words(page, "")
    reload(page)
    assert said(page) == "Nothing is drawn yet."
    assert page.input_value(WORDS) == ""


def test_a_picture_stays_even_if_the_server_loses_it(
    open_page: "OpenPage", draw: "Draw", tmp_path: Path
) -> None:
    page = open_page()
    draw(page)
    bring(page, "drop", picture(tmp_path), "image/png")
    wait_until_said(page, "A picture and 1 stroke.")
    before = drawn(page)
    uploads: list[str] = []
    page.on("request", lambda request: uploads.append(request.url) if "/upload" in request.url else None)
    reload(page)
    wait_until_said(page, "A picture and 1 stroke.")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((e) => e.name.endsWith('drawing.png'))"
    )
    assert uploads == []
    lost = []
    page.route("**/drawing.png", lambda route: (lost.append(route), route.fulfill(status=404)))
    with page.expect_response("**/upload*"):
        reload(page)
    assert len(lost) == 1
    page.wait_for_function(
        "() => !document.querySelector('#sketch [role=status]').innerText.includes('uploaded')"
    )
    assert said(page) == "A picture and 1 stroke."
    assert drawn(page) == before
    page.unroute("**/drawing.png")
    page.click("#go")
    wait_for_answer(page, "used your drawing only")


def test_a_picture_that_is_lost_everywhere_is_said_to_be(
    open_page: "OpenPage", draw: "Draw", tmp_path: Path
) -> None:
    page = open_page()
    draw(page)
    bring(page, "drop", picture(tmp_path), "image/png")
    wait_until_said(page, "A picture and 1 stroke.")
    page.route("**/drawing.png", lambda route: route.fulfill(status=404))
    page.add_init_script("sessionStorage.removeItem('stnet / picture')")
    reload(page)
    page.locator("#sketch [role=alert] >> text=no longer on the server").wait_for()
    assert said(page) == "1 stroke."


def test_a_changed_link_is_not_opened_over_the_changes(open_page: "OpenPage") -> None:
    page = open_page(f"#{LINK}")
    wait_for_answer(page, "showing the best 3")
    wait_until_said(page, "2 strokes.")
    reload(page)  # nothing was changed: the address still says what is shown
    wait_for_answer(page, "showing the best 3")
    assert LINK in page.url
    canvas_actions.draw(page, (100, 500), (900, 500))
    wait_until_said(page, "3 strokes.")
    assert LINK in page.url  # the answer is still the link's
    reload(page)
    wait_for_answer(page, "showing the best 3")
    wait_until_said(page, "3 strokes.")
    wait_for_words(page, "a red one")
    page.evaluate("() => { location.hash = ''; }")
    page.wait_for_selector("#status >> text=pictures are ready")
    wait_until_said(page, "3 strokes.")
    page.evaluate("fragment => { location.hash = fragment; }", LINK)
    wait_until_said(page, "2 strokes.")
    write(page, "a green one")
    reload(page)
    wait_for_words(page, "a green one")
    wait_until_said(page, "2 strokes.")


def test_a_broken_link_leaves_the_draft(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    draw(page)
    write(page, TYPED)
    page.evaluate("fragment => { location.hash = fragment; }", LINK[:-9])
    page.wait_for_selector("[data-testid=toast-body]")
    reload(page)
    assert BROKEN in page.inner_text("[data-testid=toast-body]")
    wait_for_words(page, TYPED)
    wait_until_said(page, "1 stroke.")


def test_what_another_program_left_is_no_draft(open_page: "OpenPage", server: str) -> None:
    page = open_page()
    for left in ("no json", "null", "[]", '{"strokes": 3}'):
        page.goto(f"{server}/config")
        page.evaluate("left => sessionStorage.setItem('stnet /', left)", left)
        page.goto(f"{server}/", wait_until="domcontentloaded")
        ready(page)
        assert said(page) == "Nothing is drawn yet."


def test_a_page_without_storage_still_draws(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('refused'); } })"
    )
    reload(page)
    draw(page)
    page.click("#go")
    wait_for_answer(page, "used your drawing only")


def test_a_restart_of_the_server_during_a_search_loses_nothing(
    engine: "SearchEngine", browser: "Browser"
) -> None:
    from webapp.page import build, launch_options
    from webapp.search_service import Answerer

    def start(port: int | None) -> tuple[object, str]:
        page = build(Answerer(engine))
        _, address, _ = page.launch(
            prevent_thread_lock=True,
            quiet=True,
            server_name="127.0.0.1",
            server_port=port,
            **launch_options(),
        )
        return page, address.rstrip("/")

    first, address = start(None)
    context = browser.new_context()
    page = context.new_page()
    page.goto(address, wait_until="domcontentloaded")
    ready(page)
    canvas_actions.draw(page, (100, 100), (900, 900))
    write(page, TYPED)
    page.route("**/queue/join*", lambda route: route.abort())  # the search never arrives
    page.click("#go")
    first.close()  # type: ignore[attr-defined]
    second, _ = start(int(address.rsplit(":", 1)[1]))
    page.unroute("**/queue/join*")
    page.reload(wait_until="domcontentloaded")
    ready(page)
    wait_for_words(page, TYPED)
    wait_until_said(page, "1 stroke.")
    page.click("#go")
    wait_for_answer(page, "used your drawing and your words")
    context.close()
    second.close()  # type: ignore[attr-defined]
