"""Cut-outs (pictures of one object with transparency) and the bank that groups them by category.

``python -m stnet.data.objects --out data/bank`` makes the bank from Debian's package of Tux Paint stamps.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

import numpy as np
from PIL import Image

from stnet.data.scenes.shapes import draw_shapes

BANK_FORMAT = 1
LONGEST_SIDE = 192
_PIXELS_FILE = "bank.npz"
_INDEX_FILE = "bank.json"


@dataclass(frozen=True, eq=False)
class CutOut:
    """One object without its background.

    ``name`` is unique in a bank. ``pixels`` is (H, W, 4) uint8 straight (not premultiplied) RGBA, cropped to
    the box of the visible pixels, longer side at most 192. ``held_out`` marks cut-outs kept from training.
    """

    name: str
    category: str
    pixels: np.ndarray
    held_out: bool = False

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8 or 0 in pixels.shape:
            raise ValueError(
                f"cut-out {self.name!r}: expected (H, W, 4) uint8 pixels, got {pixels.shape} {pixels.dtype}"
            )


class ObjectBank:
    """All cut-outs, grouped by category.

    Raises ValueError when the bank would be empty or a name appears twice.
    """

    categories: tuple[str, ...]

    def __init__(self, cut_outs: Sequence[CutOut]) -> None:
        if not cut_outs:
            raise ValueError("an object bank needs at least one cut-out, got none")
        self._all = tuple(cut_outs)
        names = [cut_out.name for cut_out in self._all]
        if len(set(names)) != len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise ValueError(f"cut-out names must be unique; these appear more than once: {', '.join(twice)}")
        self.categories = tuple(sorted({cut_out.category for cut_out in self._all}))
        self._training = {name: self._select(name, held_out=False) for name in self.categories}
        self._held_out = {name: self._select(name, held_out=True) for name in self.categories}

    def _select(self, category: str, *, held_out: bool) -> tuple[CutOut, ...]:
        members = tuple(cut_out for cut_out in self._all if cut_out.category == category)
        chosen = tuple(cut_out for cut_out in members if cut_out.held_out == held_out)
        # A category with nothing reserved (or nothing but that) is served what there is.
        return chosen or members

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[CutOut]:
        return iter(self._all)

    def cut_outs(self, category: str, *, held_out: bool) -> tuple[CutOut, ...]:
        """The reserved cut-outs of ``category`` (all of them where none is reserved), or those for training.

        Raises ValueError for a category that the bank does not have.
        """
        chosen = (self._held_out if held_out else self._training).get(category)
        if chosen is None:
            raise ValueError(
                f"the bank has no category {category!r}; it has {len(self.categories)}, such as "
                + ", ".join(self.categories[:5])
            )
        return chosen

    def save(self, folder: Path) -> None:
        """Write ``bank.npz`` (all pixels, one run of bytes) and ``bank.json`` (names, sizes, categories)."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        pixels = np.concatenate([cut_out.pixels.reshape(-1) for cut_out in self._all])
        np.savez_compressed(folder / _PIXELS_FILE, pixels=pixels)
        rows = [
            {
                "name": cut_out.name,
                "category": cut_out.category,
                "held_out": cut_out.held_out,
                "height": cut_out.pixels.shape[0],
                "width": cut_out.pixels.shape[1],
            }
            for cut_out in self._all
        ]
        text = json.dumps({"format": BANK_FORMAT, "cut_outs": rows}, indent=1, ensure_ascii=False)
        (folder / _INDEX_FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "ObjectBank":
        """Read a folder that ``save`` wrote.

        Raises FileNotFoundError when a file is missing and ValueError when the two do not belong together.
        """
        folder = Path(folder)
        for name in (_INDEX_FILE, _PIXELS_FILE):
            if not (folder / name).is_file():
                raise FileNotFoundError(
                    f"no object bank in {folder}: {name} is missing. "
                    f"Make it with: python -m stnet.data.objects --out {quote(str(folder))}"
                )
        index = json.loads((folder / _INDEX_FILE).read_text(encoding="utf-8"))
        if index.get("format") != BANK_FORMAT:
            raise ValueError(
                f"{folder / _INDEX_FILE} has format {index.get('format')!r}, expected {BANK_FORMAT}; "
                f"make the bank again with: python -m stnet.data.objects --out {quote(str(folder))}"
            )
        with np.load(folder / _PIXELS_FILE, allow_pickle=False) as archive:
            pixels = archive["pixels"]
        return cls(_unpack(index["cut_outs"], pixels, folder))


def _unpack(rows: list[dict[str, Any]], pixels: np.ndarray, folder: Path) -> list[CutOut]:
    sizes = [row["height"] * row["width"] * 4 for row in rows]
    if pixels.dtype != np.uint8 or pixels.shape != (sum(sizes),):
        raise ValueError(
            f"{folder / _PIXELS_FILE} holds {pixels.size} values of {pixels.dtype}, "
            f"but {_INDEX_FILE} describes {sum(sizes)} bytes; "
            f"make the bank again with: python -m stnet.data.objects --out {quote(str(folder))}"
        )
    pixels.flags.writeable = False  # cut-outs are shared by everyone who holds the bank
    cut_outs = []
    start = 0
    for row, size in zip(rows, sizes, strict=True):
        block = pixels[start : start + size].reshape(row["height"], row["width"], 4)
        cut_outs.append(CutOut(row["name"], row["category"], block, bool(row["held_out"])))
        start += size
    return cut_outs


def crop_to_alpha(pixels: np.ndarray, *, threshold: int = 8) -> np.ndarray:
    """Cut (H, W, 4) uint8 RGBA down to the box of the pixels with alpha >= ``threshold``.

    Raises ValueError when no pixel is visible.
    """
    visible = pixels[..., 3] >= threshold
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    if rows.size == 0:
        raise ValueError("the picture has no visible pixel: its alpha channel is empty")
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def no_longer(pixels: np.ndarray, longest: int = LONGEST_SIDE) -> np.ndarray:
    """(H, W, 4) uint8 RGBA with its longer side at most `longest` pixels."""
    height, width = pixels.shape[:2]
    if max(height, width) > longest:
        scale = longest / max(height, width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        # Pillow weighs colours by alpha when it resizes RGBA, so no background colour bleeds into the edge.
        pixels = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))
    return np.ascontiguousarray(pixels)


def shapes_bank() -> ObjectBank:
    """A small bank of shapes drawn in code: tests and the tiny training run need no download.

    Shapes with three or more colours keep their last colour held out.
    """
    cut_outs = []
    for category, drawn in draw_shapes().items():
        for number, (colour, pixels) in enumerate(drawn.items()):
            held_out = len(drawn) >= 3 and number == len(drawn) - 1
            cut_outs.append(CutOut(f"shapes/{category}-{colour}", category, crop_to_alpha(pixels), held_out))
    return ObjectBank(cut_outs)
