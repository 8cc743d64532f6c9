"""Pictograms in a folder: cut-outs by what they show, and line drawings of some of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import numpy as np

from stnet.data.objects import CutOut, ObjectBank
from stnet.strokes import CANVAS

LINES_FILE = "lines.npz"


@dataclass(frozen=True, eq=False)
class Pictograms:
    """Pictograms of things that may be learned from.

    Attributes:
        cut_outs: their pictures; the category is what they show (see shown.py).
        lines: line drawings of some categories, each (128, 128) uint8, ink high, with its category.
    """

    cut_outs: tuple[CutOut, ...]
    lines: tuple[tuple[str, np.ndarray], ...]

    def save(self, folder: Path) -> None:
        """Write an object bank (see ObjectBank.save) with lines.npz beside it."""
        ObjectBank(self.cut_outs).save(folder)
        names = np.array([name for name, _ in self.lines])
        inks = np.stack([ink for _, ink in self.lines])
        np.savez_compressed(folder / LINES_FILE, category=names, images=inks)

    @classmethod
    def load(cls, folder: Path) -> "Pictograms":
        """Read a folder that `save` wrote.

        Raises:
            FileNotFoundError: if a file is missing.
            ValueError: if its files don't belong together.
        """
        if not (folder / LINES_FILE).is_file():
            raise FileNotFoundError(
                f"no pictograms in {folder}: {LINES_FILE} is missing. "
                f"Make them with: python -m stnet.data.pictograms --out {quote(str(folder))}"
            )
        with np.load(folder / LINES_FILE, allow_pickle=False) as archive:
            names, inks = archive["category"], archive["images"]
        if inks.shape != (len(names), CANVAS, CANVAS) or inks.dtype != np.uint8:
            raise ValueError(
                f"{folder / LINES_FILE}: expected ({len(names)}, {CANVAS}, {CANVAS}) uint8, "
                f"got {inks.shape} {inks.dtype}"
            )
        lines = tuple(zip(names.tolist(), inks, strict=True))
        return cls(tuple(ObjectBank.load(folder)), lines)


def beside(bank: ObjectBank, seen: Sequence[str], pictograms: Pictograms) -> ObjectBank:
    """The bank's things of the categories in `seen`, and the pictograms: of one name, of one category."""
    known = frozenset(seen)
    kept = [cut_out for cut_out in bank if cut_out.category in known and not cut_out.held_out]
    return ObjectBank([*kept, *pictograms.cut_outs])
