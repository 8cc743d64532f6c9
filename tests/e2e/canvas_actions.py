"""What a visitor does on the canvas, and sees there."""

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from webapp.canvas.strokes import GRID

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Locator, Page


def paper(page: "Page") -> "Locator":
    return page.locator("#sketch canvas")


def tool(page: "Page", name: str) -> "Locator":
    return page.locator(f"#sketch [data-action={name}]")


def said(page: "Page") -> str:
    return page.inner_text("#sketch [role=status]")


def wait_until_said(page: "Page", text: str) -> None:
    page.wait_for_function(
        "text => document.querySelector('#sketch [role=status]').innerText.includes(text)", arg=text
    )


def at(page: "Page", x: float, y: float) -> tuple[float, float]:
    """Where on the screen a place of the grid is."""
    box = paper(page).bounding_box()
    assert box is not None
    return box["x"] + x / GRID * box["width"], box["y"] + y / GRID * box["height"]


def draw(page: "Page", *points: tuple[float, float]) -> None:
    paper(page).scroll_into_view_if_needed()
    page.mouse.move(*at(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*at(page, *point))
    page.mouse.up()


def draw_with_pen(page: "Page", session: "CDPSession", *points: tuple[float, float]) -> None:
    pen(page, session, "mousePressed", points[0])
    for point in points[1:]:
        pen(page, session, "mouseMoved", point, pressed=True)
    pen(page, session, "mouseReleased", points[-1])


def pen(
    page: "Page", session: "CDPSession", kind: str, point: tuple[float, float], pressed: bool = False
) -> None:
    """One event of a pen at a place of the grid; it hovers where it is moved and not pressed."""
    x, y = at(page, *point)
    event = {"type": kind, "x": x, "y": y, "pointerType": "pen", "clickCount": int(kind != "mouseMoved")}
    held = pressed or kind == "mousePressed"
    button = "none" if kind == "mouseMoved" and not pressed else "left"
    session.send("Input.dispatchMouseEvent", event | {"button": button, "buttons": int(held)})


def finger(session: "CDPSession", kind: str, *places: tuple[float, float]) -> None:
    """All fingers that are on the screen, by their places on it."""
    points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def draw_with_finger(page: "Page", session: "CDPSession", *points: tuple[float, float]) -> None:
    finger(session, "touchStart", at(page, *points[0]))
    for point in points[1:]:
        finger(session, "touchMove", at(page, *point))
    finger(session, "touchEnd")


def pixels(page: "Page") -> np.ndarray:
    """The paper as it is on the screen, (H, W, 3), with what was drawn before the next frame."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    shot = Image.open(io.BytesIO(paper(page).screenshot()))
    return np.asarray(shot.convert("RGB"))


def picture(folder: Path, size: tuple[int, int] = (200, 200)) -> Path:
    drawn = Image.new("RGB", size, "white")
    ImageDraw.Draw(drawn).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="black")
    drawn.save(folder / "drawing.png")
    return folder / "drawing.png"


def bring(page: "Page", kind: str, file: Path, mime: str) -> None:
    """Paste or drop a file as the browser does it."""
    page.evaluate(
        """async ([kind, content, mime]) => {
            const bytes = await (await fetch(`data:${mime};base64,${content}`)).arrayBuffer();
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "drawing", { type: mime }));
            const target = document.querySelector("#sketch canvas");
            const options = { bubbles: true, cancelable: true };
            if (kind === "paste") {
                const event = new ClipboardEvent(kind, { ...options, clipboardData: transfer });
                document.body.dispatchEvent(event);
            } else {
                target.dispatchEvent(new DragEvent("dragover", { ...options, dataTransfer: transfer }));
                target.dispatchEvent(new DragEvent(kind, { ...options, dataTransfer: transfer }));
            }
        }""",
        [kind, base64.b64encode(file.read_bytes()).decode(), mime],
    )
