"""Drawings by people, read from files that a user names, and the sketcher that mixes in traced ones."""

import gzip
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from stnet.data.categories import load_split
from stnet.data.drawings.changes import rotated, unfinished
from stnet.data.drawings.sketches import sketch_strokes, vary_bitmap
from stnet.data.drawings.tracing import trace
from stnet.data.objects import CutOut
from stnet.strokes import CANVAS, Strokes

HELD_OUT_SHARE = 0.15
MOST_MISSING, LARGEST_TURN = 0.6, 35.0  # of a careless drawing: of its length; in degrees
Drawing = Strokes | np.ndarray
"""A drawing as strokes, or as (128, 128) uint8 pixels with ink high."""
DrawingKey = tuple[str, str]
"""The category and the id of a drawing given as strokes."""


class Drawings:
    """Drawings of named categories, each for ever either for training or held out (about 15 %, by its id).

    ``collections`` maps (drawing category, collection, held out) to the drawings. ``mapping`` says which
    drawing categories show which object category.
    """

    def __init__(
        self,
        collections: Mapping[tuple[str, str, bool], Sequence[Drawing]],
        mapping: Mapping[str, Sequence[str]],
    ) -> None:
        self._collections: dict[tuple[str, bool], list[Sequence[Drawing]]] = {}
        for (category, _, held_out), drawings in sorted(collections.items()):
            self._collections.setdefault((category, held_out), []).append(drawings)
        self._mapping = mapping

    @classmethod
    def load(cls, folder: Path, mapping: Mapping[str, Sequence[str]] | None = None) -> "Drawings":
        """Read every ``*.ndjson``, ``*.ndjson.gz`` (strokes) and ``*.npz`` (pixels) of a folder.

        A line of ndjson is one drawing: ``category`` or ``word``, ``id`` or ``key_id``, and ``strokes`` or
        ``drawing`` as [[x...], [y...]] (a third list, the times, is ignored), as Quick, Draw! publishes
        them. A .npz holds ``images`` (N, 128, 128) uint8 with ink high and ``category`` (N,), optionally
        ``source`` (N,). ``mapping`` is object category -> drawing categories; without it, that of the
        committed split.

        Raises FileNotFoundError when the folder has none of these files, ValueError for a malformed file
        with its name and line.
        """
        folder = Path(folder)
        stroke_files = sorted([*folder.glob("*.ndjson"), *folder.glob("*.ndjson.gz")])
        pixel_files = sorted(folder.glob("*.npz"))
        if not stroke_files and not pixel_files:
            raise FileNotFoundError(f"no drawings in {folder}: expected *.ndjson, *.ndjson.gz or *.npz files")
        collections: dict[tuple[str, str, bool], list[Drawing]] = {}
        for path in stroke_files:
            for category, identifier, strokes in _read_strokes(path):
                key = (category, "strokes", is_held_out(f"{category}/{identifier}".encode()))
                collections.setdefault(key, []).append(strokes)
        for path in pixel_files:
            for category, source, pixels in _read_pixels(path):
                key = (category, source, is_held_out(category.encode() + pixels.tobytes()))
                collections.setdefault(key, []).append(pixels)
        return cls(collections, load_split().drawings if mapping is None else mapping)

    def has(self, category: str, *, held_out: bool = False) -> bool:
        """Whether this object category has a drawing (in the held-out part, or the one for training)."""
        return any((name, held_out) in self._collections for name in self._mapping.get(category, ()))

    def has_named(self, drawing_category: str, *, held_out: bool = False) -> bool:
        """The same for a drawing category, whether or not an object category maps to it."""
        return (drawing_category, held_out) in self._collections

    def names(self, *, held_out: bool = False) -> tuple[str, ...]:
        """All drawing categories, sorted."""
        return tuple(sorted(name for name, part in self._collections if part == held_out))

    def sample(
        self,
        category: str,
        rng: np.random.Generator,
        *,
        held_out: bool,
        variation: float = 1.0,
        careless: float = 0.0,
    ) -> np.ndarray:
        """A varied drawing of an object category, as `sample_named`. ValueError if none."""
        names = [name for name in self._mapping.get(category, ()) if (name, held_out) in self._collections]
        return self._draw(category, names, rng, held_out, variation, careless)

    def sample_named(
        self,
        drawing_category: str,
        rng: np.random.Generator,
        *,
        held_out: bool,
        variation: float = 1.0,
        careless: float = 0.0,
    ) -> np.ndarray:
        """A varied drawing of a drawing category, (128, 128) uint8, ink high. ValueError if none.

        `careless` is the chance (0..1) that it is turned, and the chance that it is left unfinished.
        """
        names = [drawing_category] if self.has_named(drawing_category, held_out=held_out) else []
        return self._draw(drawing_category, names, rng, held_out, variation, careless)

    def _draw(
        self,
        asked: str,
        names: list[str],
        rng: np.random.Generator,
        held_out: bool,
        variation: float,
        careless: float,
    ) -> np.ndarray:
        pools = [pool for name in names for pool in self._collections[name, held_out]]
        if not pools:
            part = "held-out drawing" if held_out else "drawing for training"
            raise ValueError(f"there is no {part} of {asked!r}; ask has() first")
        # By the root of their sizes: a large collection in one style must not drown the others.
        weights = np.sqrt([len(pool) for pool in pools])
        pool = pools[int(np.searchsorted(weights.cumsum(), rng.random() * weights.sum(), side="right"))]
        drawing = pool[int(rng.integers(len(pool)))]
        return vary_drawing(drawing, rng, variation, careless)


def vary_drawing(
    drawing: Drawing, rng: np.random.Generator, variation: float = 1.0, careless: float = 0.0
) -> np.ndarray:
    """Another person's version of a drawing, (128, 128) uint8, ink high.

    With chance `careless` it is turned by up to LARGEST_TURN degrees, and with the same chance up to
    MOST_MISSING of its length is missing at its end (of a drawing in pixels, whose order nobody knows, none).
    """
    turn = rng.uniform(-LARGEST_TURN, LARGEST_TURN) if careless and rng.random() < careless else 0.0
    missing = rng.uniform(0, MOST_MISSING) if careless and rng.random() < careless else 0.0
    if isinstance(drawing, np.ndarray):
        varied = vary_bitmap(drawing, rng, variation=variation)
        turned = np.asarray(Image.fromarray(varied).rotate(-turn, Image.Resampling.BILINEAR))
        return turned if turned.max() > varied.max() // 2 else varied
    return sketch_strokes(rotated(unfinished(drawing, missing), turn), rng, variation=variation)


class Sketcher:
    """Makes the sketch half of a query: a person's drawing where there are some, or one traced."""

    def __init__(self, drawings: Drawings | None = None, *, variation: float = 1.0) -> None:
        self._drawings = drawings
        self._variation = variation
        self._traces: dict[CutOut, Strokes] = {}

    def sketch(
        self,
        cut_out: CutOut,
        rng: np.random.Generator,
        *,
        held_out: bool,
        human: float = 0.5,
        careless: float = 0.0,
    ) -> tuple[np.ndarray, str]:
        """A sketch of ``cut_out``: ((128, 128) uint8 with ink high, "human" or "traced").

        With probability ``human`` it is a person's drawing of the same category (never of this very object),
        where there are some; ``held_out`` says from which part.
        """
        by_hand = rng.random() < human
        if by_hand and self._drawings is not None and self._drawings.has(cut_out.category, held_out=held_out):
            sketch = self._drawings.sample(
                cut_out.category, rng, held_out=held_out, variation=self._variation, careless=careless
            )
            return sketch, "human"
        return vary_drawing(self._trace(cut_out), rng, self._variation, careless), "traced"

    def _trace(self, cut_out: CutOut) -> Strokes:
        strokes = self._traces.get(cut_out)
        if strokes is None:
            strokes = self._traces[cut_out] = trace(cut_out)
        return strokes


def find_drawings(folder: Path, wanted: Collection[DrawingKey]) -> dict[DrawingKey, Strokes]:
    """Single drawings out of the ``*.ndjson`` and ``*.ndjson.gz`` files of a folder.

    Raises ValueError when one is not there or a file is malformed.
    """
    paths = sorted([*folder.glob("*.ndjson"), *folder.glob("*.ndjson.gz")])
    listed = (drawing for path in paths for drawing in _read_strokes(path))
    found = {(name, number): strokes for name, number, strokes in listed if (name, number) in wanted}
    missing = sorted(set(wanted) - set(found))
    if missing:
        raise ValueError(
            f"{folder} lacks {len(missing)} of {len(set(wanted))} drawings, {'/'.join(missing[0])} for one: "
            "add the files of Quick, Draw! that hold them"
        )
    return found


def held_out_strokes(folder: Path) -> dict[str, list[tuple[str, Strokes]]]:
    """All held-out drawings in the ``*.ndjson`` and ``*.ndjson.gz`` files of a folder: (id, strokes), by id.

    Drawing categories are the keys, sorted. Raises ValueError when a file is malformed.
    """
    found: dict[str, list[tuple[str, Strokes]]] = {}
    for path in sorted([*folder.glob("*.ndjson"), *folder.glob("*.ndjson.gz")]):
        for category, identifier, strokes in _read_strokes(path):
            if is_held_out(f"{category}/{identifier}".encode()):
                found.setdefault(category, []).append((identifier, strokes))
    return {name: sorted(found[name], key=lambda drawing: drawing[0]) for name in sorted(found)}


def is_held_out(identity: bytes) -> bool:
    """Whether a drawing is held out: a stable function of its identity, true for about 15 %."""
    return int.from_bytes(hashlib.blake2b(identity, digest_size=4).digest()) < HELD_OUT_SHARE * 2**32


def _read_strokes(path: Path) -> Iterator[tuple[str, str, Strokes]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield _parse_drawing(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(
                    f"{path}, line {number}: not a drawing ({type(error).__name__}: {error}); expected "
                    '{"category": ..., "id": ..., "strokes": [[[x...], [y...]], ...]}'
                ) from error


def _parse_drawing(record: dict[str, Any]) -> tuple[str, str, Strokes]:
    category = record["category"] if "category" in record else record["word"]
    identifier = record["id"] if "id" in record else record["key_id"]
    listed = record["strokes"] if "strokes" in record else record["drawing"]
    if not isinstance(category, str) or not category:
        raise ValueError(f"the category is {category!r}")
    strokes = [np.array(stroke[:2], np.float32).T for stroke in listed if len(stroke[0])]
    if not strokes:
        raise ValueError("the drawing has no stroke")
    for stroke in strokes:
        if stroke.ndim != 2 or stroke.shape[1] != 2 or not np.isfinite(stroke).all():
            raise ValueError(
                f"a stroke has the shape {stroke.T.shape}, not two lists of numbers of one length"
            )
    return category, str(identifier), strokes


def _read_pixels(path: Path) -> Iterator[tuple[str, str, np.ndarray]]:
    with np.load(path, allow_pickle=False) as archive:
        if not {"images", "category"} <= set(archive.files):
            raise ValueError(
                f"{path}: expected arrays 'images' and 'category', found {sorted(archive.files)}"
            )
        images, categories = archive["images"], archive["category"]
        sources = archive["source"] if "source" in archive.files else np.full(len(images), path.name)
    if images.dtype != np.uint8 or images.shape[1:] != (CANVAS, CANVAS) or len(categories) != len(images):
        raise ValueError(
            f"{path}: expected (N, {CANVAS}, {CANVAS}) uint8 images and N categories, "
            f"got {images.shape} {images.dtype} and {len(categories)}"
        )
    inked = images.reshape(len(images), -1).any(axis=1)
    for index in range(len(images)):
        if not inked[index]:
            raise ValueError(f"{path}: image {index} ({categories[index]}) has no ink")
        yield str(categories[index]), str(sources[index]), images[index]
