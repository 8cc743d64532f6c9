"""What a visitor does on the canvas, and sees there."""

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from webapp.canvas.strokes import GRID

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


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
