"""What a visitor does with the options and the row under the results."""

from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError

from tests.e2e.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORDS = "#text input, #text textarea"
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def write(page: "Page", words: str) -> None:
    """Write what surrounds the thing; again if a dialog that is closing takes the focus away."""

    def holds() -> bool:
        page.fill(WORDS, words)
        page.evaluate(TWO_FRAMES)
        return page.input_value(WORDS) == words

    wait_until(holds, lambda: f"the words are {page.input_value(WORDS)!r}, expected {words!r}", page)


def open_options(page: "Page") -> None:
    # Gradio may set numbers back while the wall comes, which a comparison hides
    page.wait_for_selector("#results li img", state="attached")
    page.click("#options button")
    page.wait_for_selector("#top_k input[type=number]")
    # a frame after what a closed frame held is there, Gradio sets it to what it was before
    page.evaluate(TWO_FRAMES)
    page.evaluate(TWO_FRAMES)


def set_number(page: "Page", name: str, number: str) -> None:
    """Type a number of the options and leave its box; again if Gradio sets it back, as it may at first."""
    typed, slid = (page.locator(f"#{name} input[type={kind}]") for kind in ("number", "range"))

    def holds() -> bool:
        typed.fill(number)
        typed.press("Tab")
        page.evaluate(TWO_FRAMES)
        return (typed.input_value(), slid.input_value()) == (number, number)

    wait_until(holds, lambda: f"{name} is {typed.input_value()}, expected {number}", page)


def wait_for_answer(page: "Page", said: str) -> None:
    try:
        page.wait_for_function("text => document.querySelector('#status').innerText.includes(text)", arg=said)
    except TimeoutError as error:
        raise AssertionError(f"the page says {page.inner_text('#status')!r}, expected {said!r}") from error
    page.wait_for_selector("#results .thumbnail-item img")


def take(page: "Page", action: str) -> str:
    """Press a button of the row; the text that it copied."""
    if page.locator("#takeaway details[open]").count() == 0:
        page.click("#takeaway summary")
    # what was said before is gone as soon as the button is pressed
    page.click(f"#takeaway [data-action={action}]")
    page.wait_for_selector("#takeaway [role=status]:not(:empty)")
    return page.input_value("#takeaway textarea")


def taken(page: "Page") -> str:
    """What the row says about it."""
    return page.inner_text("#takeaway [role=status]")
