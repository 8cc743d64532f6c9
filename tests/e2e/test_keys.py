"""Keys of all layouts, in Chromium: ours work, and those of the system and of text boxes are left alone."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.canvas_actions import paper, said, tool
from tests.e2e.query_actions import WORDS, open_options

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

TOAST = "[data-testid=toast-body]"
ALT, CONTROL, META, SHIFT = 1, 2, 4, 8  # as the browser's debugging protocol has them
# what the keys write that are z, y and e on a Latin keyboard
LAYOUTS = {
    "Latin": ("z", "y", "e"),
    "Russian": ("я", "н", "у"),
    "Greek": ("ζ", "υ", "ε"),
    "Hebrew": ("ז", "ט", "ק"),
    "Arabic": ("ئ", "غ", "ث"),
    "Hindi": ("ॆ", "ब", "ा"),
    "Thai": ("ผ", "ั", "ำ"),
    "Korean": ("ㅋ", "ㅛ", "ㄷ"),
}


class Keys:
    """Keys as a keyboard of any layout sends them."""

    def __init__(self, page: "Page") -> None:
        self.session = page.context.new_cdp_session(page)

    def press(self, key: str, code: str, modifiers: int = 0) -> None:
        event = {"key": key, "code": code, "modifiers": modifiers}
        self.session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown"} | event)
        self.session.send("Input.dispatchKeyEvent", {"type": "keyUp"} | event)


def test_keys_work_on_every_layout(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    keys, erase = Keys(page), tool(page, "erase")
    draw(page)
    paper(page).focus()
    for name, (z, y, e) in LAYOUTS.items():
        for modifier in (CONTROL, META):
            keys.press(z, "KeyZ", modifier)
            assert said(page) == "Nothing is drawn yet.", name
            keys.press(z.upper(), "KeyZ", modifier | SHIFT)
            assert said(page) == "1 stroke.", name
        keys.press(z, "KeyZ", CONTROL)
        keys.press(y, "KeyY", CONTROL)
        assert said(page) == "1 stroke.", name
        for pressed in ("true", "false"):
            keys.press(e, "KeyE")
            assert erase.get_attribute("aria-pressed") == pressed, name
    # a Latin letter is what it is, wherever its key
    for z, y in (("KeyY", "KeyZ"), ("KeyW", "KeyY"), ("Slash", "KeyT")):  # German, French, Dvorak
        keys.press("z", z, CONTROL)
        assert said(page) == "Nothing is drawn yet.", z
        keys.press("y", y, CONTROL)
        assert said(page) == "1 stroke.", y
    keys.press("з", "KeyP", CONTROL)
    keys.press(";", "KeyZ", CONTROL)  # Dvorak
    assert said(page) == "1 stroke."
    page.evaluate("document.activeElement.blur()")
    for key, code in (("/", "Slash"), ("/", "Digit7"), ("य", "Slash")):
        keys.press(key, code, SHIFT if code == "Digit7" else 0)
        assert page.evaluate("document.activeElement.closest('#text') !== null"), key
        page.evaluate("document.activeElement.blur()")


def test_keys_with_a_modifier_of_the_system_are_left_alone(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    keys = Keys(page)
    draw(page)
    paper(page).focus()
    page.evaluate(
        "() => { window.taken = []; addEventListener('keydown', (e) => taken.push(e.defaultPrevented)); }"
    )
    pressed = [
        *(("e", "KeyE", held) for held in (CONTROL, ALT, META, SHIFT)),
        *(("Delete", "Delete", held) for held in (CONTROL, ALT, META, SHIFT)),
        *(("z", "KeyZ", held) for held in (ALT, ALT | CONTROL, ALT | META, CONTROL | META)),
        *(("y", "KeyY", held) for held in (META, CONTROL | SHIFT, CONTROL | ALT)),
        *(("Enter", "Enter", held) for held in (ALT | CONTROL, CONTROL | META, CONTROL | SHIFT)),
        *(("/", "Slash", held) for held in (CONTROL, ALT, META)),
    ]
    for key in pressed:
        keys.press(*key)
    assert page.evaluate("taken") == [False] * len(pressed)
    # what AltGr writes is no letter of ours, though its key is
    altgr = {"key": "€", "code": "KeyE", "modifierAltGraph": True, "bubbles": True, "cancelable": True}
    assert paper(page).evaluate(
        f"node => node.dispatchEvent(new KeyboardEvent('keydown', {json.dumps(altgr)}))"
    )
    assert said(page) == "1 stroke."
    assert page.locator(TOAST).count() == 0


def test_a_text_box_keeps_its_keys(open_page: "OpenPage", draw: "Draw") -> None:
    page = open_page()
    draw(page)
    page.focus(WORDS)
    page.keyboard.type("e/y z")
    page.keyboard.press("Backspace")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    assert page.input_value(WORDS).startswith("e/y")
    assert said(page) == "1 stroke."
    open_options(page)
    page.focus("#live input")  # a box to tick has no use for a stroke
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.closest('#text') !== null")
