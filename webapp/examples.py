"""The drawings and words that the page offers to start with."""

import json
from dataclasses import dataclass
from pathlib import Path

from webapp.drawings import Strokes

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "examples"


@dataclass(frozen=True)
class Example:
    """A drawing of `name`, as strokes, and the `words` that go with it."""

    name: str
    words: str
    strokes: Strokes


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
                entry["name"], entry["words"], [[(x, y) for x, y in stroke] for stroke in entry["strokes"]]
            )
            for entry in entries
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"The example drawings in {path} can't be read: {error}") from error
