"""The drawings and words that the page offers to start with."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
