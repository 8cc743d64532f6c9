"""The value of a sketch canvas: strokes on an integer grid, perhaps over a picture of a drawing.

In JSON it is {"strokes": [[x0, y0, x1, y1, ...], ...], "picture": null or {"path": an uploaded file, ...},
"photo": whether that is one}: whole numbers from 0 to GRID, x to the right and y down, on a square paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageOps

from stnet.pictures import PictureError, open_picture
from stnet.strokes import render_strokes
from webapp.files.uploads import NotUploadedError, uploaded_file

GRID = 1023  # the paper's far edge
PEN = 16  # the pen's width in the same units: 1/64 of the paper, the plain pen of the training sketches
MOST_STROKES = 200
MOST_POINTS = 5_000  # of all strokes together
PAPER = 384  # pixels of the square that strokes are drawn on

Line = Sequence[tuple[float, float]]


class SketchError(ValueError):
    """A value that no canvas sends, or a picture that can't be read. The text says what to do."""


@dataclass(frozen=True)
class Sketch:
    """What is on the paper.

    Attributes:
        strokes: each x0, y0, x1, y1, ... in 0..GRID; one point is a dot.
        picture: the file of a picture that lies under the strokes, as large as the paper lets it be.
        photo: whether the picture is a photo, whose like is wanted: then the strokes don't count.

    Raises:
        SketchError: for strokes out of bounds.
    """

    strokes: tuple[tuple[int, ...], ...] = ()
    picture: Path | None = None
    photo: bool = False

    def __post_init__(self) -> None:
        if len(self.strokes) > MOST_STROKES:
            raise SketchError(
                f"The drawing has {len(self.strokes):,} strokes, more than {MOST_STROKES}: undo or erase some"
            )
        points = sum(len(stroke) for stroke in self.strokes) // 2
        if points > MOST_POINTS:
            raise SketchError(
                f"The drawing has {points:,} points, more than {MOST_POINTS:,}: undo or erase some strokes"
            )
        for number, stroke in enumerate(self.strokes, start=1):
            _check(stroke, number)

    @classmethod
    def from_lines(cls, lines: Sequence[Line], side: float) -> "Sketch":
        """A sketch of (x, y) points on a square of `side` units; what lies beyond it moves to its edge.

        Raises:
            SketchError: for more strokes or points than fit, or a stroke without a point.
        """
        return cls(
            tuple(tuple(_on_grid(value, side) for value in chain.from_iterable(line)) for line in lines)
        )

    @classmethod
    def from_value(cls, value: Any, uploads: Path) -> "Sketch | None":
        """Read what a browser or an API caller sent; None for empty paper.

        Args:
            value: the value as JSON gave it: anything at all.
            uploads: the only folder from which a picture may come.

        Raises:
            SketchError: if it isn't a canvas's value.
        """
        if value is None or value == "" or value == {}:
            return None
        if not isinstance(value, dict):
            raise SketchError(
                f'A drawing is {{"strokes": [...], "picture": null}}, got {type(value).__name__}'
            )
        strokes = [] if value.get("strokes") is None else value["strokes"]
        if not isinstance(strokes, list) or not all(isinstance(stroke, list) for stroke in strokes):
            raise SketchError("The strokes of a drawing are a list of lists: [[x0, y0, x1, y1, ...], ...]")
        picture = _uploaded(value.get("picture"), uploads)
        photo = picture is not None and bool(value.get("photo"))
        sketch = cls(tuple(tuple(stroke) for stroke in strokes), picture, photo)
        return sketch if sketch.strokes or sketch.picture else None

    def draw(self, size: int = PAPER) -> Image.Image:
        """The paper as it is seen: black ink on white, (size, size) mode "L".

        A picture without strokes comes as it is, in its own size and mode. Together, the picture's ink and
        the strokes become black on one white paper.

        Raises:
            SketchError: if the picture can't be read.
        """
        if self.picture is None:
            return ImageOps.invert(self._stroke_ink(size))
        picture = self._open()
        if not self.strokes:
            return picture
        return ImageOps.invert(ImageChops.lighter(_picture_ink(picture, size), self._stroke_ink(size)))

    def photograph(self) -> Image.Image | None:
        """The photo whose like is wanted, in its own size and mode; None where there is a drawing.

        Raises:
            SketchError: if it can't be read.
        """
        return self._open() if self.photo else None

    def _stroke_ink(self, size: int) -> Image.Image:
        strokes = [np.array(stroke, dtype=np.float32).reshape(-1, 2) / GRID for stroke in self.strokes]
        return Image.fromarray(render_strokes(strokes, size=size, width=size * PEN / (GRID + 1)))

    def _open(self) -> Image.Image:
        assert self.picture is not None
        try:
            return open_picture(self.picture)
        except PictureError as error:
            raise SketchError(f"The picture can't be read: {error}") from error


def _on_grid(value: float, side: float) -> int:
    return min(GRID, max(0, round(value * GRID / side)))


def _check(stroke: tuple[int, ...], number: int) -> None:
    if not stroke or len(stroke) % 2:
        raise SketchError(
            f"Stroke {number} has {len(stroke)} numbers: expected x0, y0, x1, y1, ..., two for each point"
        )
    for value in stroke:
        # bool is an int to isinstance, and True would pass as 1
        if type(value) is not int or not 0 <= value <= GRID:
            shown = repr(value)[:40]
            raise SketchError(f"Stroke {number} has {shown}: expected whole numbers from 0 to {GRID}")


def _uploaded(file: object, uploads: Path) -> Path | None:
    if file is None:
        return None
    try:
        return uploaded_file(file, uploads)
    except NotUploadedError as error:
        raise SketchError(
            "The picture must be a file that was uploaded to this server: add it again"
        ) from error
    except FileNotFoundError as error:
        raise SketchError("The picture is no longer on the server: add it again") from error


def _picture_ink(picture: Image.Image, size: int) -> Image.Image:
    """The picture's ink in the middle of the paper: (size, size) grey, ink high."""
    from stnet.model.ink import ink_of

    paper = Image.new("L", (size, size))
    ink = ink_of(picture)
    if ink is not None:
        ink = ImageOps.contain(ink, (size, size))
        paper.paste(ink, ((size - ink.width) // 2, (size - ink.height) // 2))
    return paper
