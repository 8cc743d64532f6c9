"""Drawings on their way to the engine: from the Sketchpad, from an uploaded file, from strokes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder
from PIL import Image, ImageChops, ImageDraw

from stnet.pictures import PictureError, open_picture
from stnet.search import SearchError

PAPER = 384  # pixels of the Sketchpad's square paper
PEN = 3  # the pen's radius in those pixels
STROKE_UNITS = 256  # the square in which stored strokes are given

Strokes = Sequence[Sequence[tuple[float, float]]]
EditorValue = dict[str, Any]


def drawing_on_sketchpad(value: EditorValue | None) -> Image.Image | None:
    """What was drawn, as ink on transparent paper, or None if the pad holds nothing.

    The layers' alpha is the ink, whatever colour the pen, the paper and the theme have. Without layers the
    flat picture counts, on whatever ground it has.
    """
    if not value:
        return None
    layers = [layer.convert("RGBA").getchannel("A") for layer in value.get("layers") or []]
    if not layers:
        return value.get("composite") or value.get("background")
    ink = layers[0]
    for layer in layers[1:]:
        ink = ImageChops.lighter(ink, layer)
    return _ink_on_nothing(ink)


def uploaded_drawing(file: object) -> Image.Image | None:
    """The drawing in a file that a caller uploaded to this server.

    Args:
        file: what Gradio makes of an upload, {"path": a file in its upload folder, ...}, or None.

    Raises:
        SearchError: if it is anything else (a path or an address of the caller's choice is never opened), or
            not a picture that we read.
    """
    if file is None:
        return None
    path = file.get("path") if isinstance(file, dict) else None
    if not isinstance(path, str) or not _is_upload(path):
        raise SearchError(
            "The sketch must be an uploaded picture: with gradio_client, handle_file('drawing.png')"
        )
    try:
        return open_picture(Path(path))
    except PictureError as error:
        raise SearchError(f"The sketch can't be read: {error}") from error


def _is_upload(path: str) -> bool:
    try:
        return Path(path).resolve(strict=True).is_relative_to(Path(get_upload_folder()).resolve())
    except (OSError, ValueError):
        return False


def draw_strokes(strokes: Strokes, size: int = PAPER, pen: float = PEN) -> Image.Image:
    """Strokes in 0..STROKE_UNITS, x to the right and y down -> ink on transparent paper, size x size RGBA."""
    fine = 2  # drawn larger and reduced: Pillow's lines have hard edges
    ink = Image.new("L", (size * fine, size * fine))
    brush = ImageDraw.Draw(ink)
    scale = size * fine / STROKE_UNITS
    radius = pen * fine
    for stroke in strokes:
        points = [(x * scale, y * scale) for x, y in stroke]
        brush.line(points, fill=255, width=round(2 * radius), joint="curve")
        for x, y in (points[0], points[-1]):
            brush.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return _ink_on_nothing(ink.resize((size, size), Image.Resampling.BOX))


def on_sketchpad(drawing: Image.Image) -> EditorValue:
    """Ink on transparent paper -> the value that shows it on the Sketchpad, ready to be drawn on."""
    paper = Image.new("RGBA", drawing.size, "white")
    return {"background": paper, "layers": [drawing], "composite": Image.alpha_composite(paper, drawing)}


def _ink_on_nothing(ink: Image.Image) -> Image.Image:
    drawing = Image.new("RGBA", ink.size)
    drawing.putalpha(ink)
    return drawing
