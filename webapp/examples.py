"""The drawings and words that the page offers to start with."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from webapp.canvas.strokes import Line

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "examples"
STROKE_UNITS = 256  # the square in which stored strokes are given


@dataclass(frozen=True)
class Example:
    """A drawing and words to search with.

    Attributes:
        name: of the drawn thing.
        text: the words that go with it.
        strokes: of (x, y) in 0..STROKE_UNITS, y down.
        gallery: the name of the one that it is for; None if it is for any.
    """

    name: str
    text: str
    strokes: Sequence[Line]
    gallery: str | None = None


def load_examples(folder: Path = FOLDER) -> list[Example]:
    """Read examples.json.

    Raises:
        ValueError: if the file is missing or not what its README describes.
    """
    path = folder / "examples.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return [
            Example(
                entry["name"],
                entry["text"],
                [[(x, y) for x, y in stroke] for stroke in entry["strokes"]],
                entry.get("gallery"),
            )
            for entry in entries
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"The example drawings in {path} can't be read: {error}") from error


def button_id(place: int) -> str:
    """The elem_id of the button of the example at this place, from 0."""
    return f"example-{place}"


def icon_style(place: int, example: Example) -> str:
    """CSS that shows the drawing before the words of its button: sharp at any size, and no request."""
    lines = "".join(f"M{' '.join(f'{x:g},{y:g}' for x, y in stroke)}" for stroke in example.strokes)
    picture = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='-12 -12 {STROKE_UNITS + 24} {STROKE_UNITS + 24}'>"
        f"<path d='{lines}' fill='none' stroke='black' stroke-width='8' stroke-linecap='round' "
        f"stroke-linejoin='round'/></svg>"
    )
    content = quote(picture, safe=" ='/:,-")
    return f'#{button_id(place)}::before {{ background-image: url("data:image/svg+xml,{content}"); }}'
