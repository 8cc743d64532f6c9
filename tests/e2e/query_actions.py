"""What a visitor does with the options and the row under the results."""

from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError

if TYPE_CHECKING:
    from playwright.sync_api import Page


def open_options(page: "Page") -> None:
    # Gradio may set numbers back while the wall comes, which a comparison hides
    page.wait_for_selector("#results li img", state="attached")
    page.click("#options button")
    page.wait_for_selector("#top_k input[type=number]")


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
