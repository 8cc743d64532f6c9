"""What frozen networks make of pictures and drawings, computed once before the first step.

A frozen backbone gives the same maps every time: a pool of pictures and drawings is made and encoded in
advance, batches name their rows in it, and the stage looks the features up. A step then costs what learns.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.objects import CutOut
from stnet.data.scenes.composing import Scene
from stnet.model.processing import STNetProcessor
from stnet.training.batches.examples import Example, ExampleSource

BLOCK = 32  # scenes that share a pool of categories, and meet in batches
ENCODED = 16  # pictures or drawings at a time
TRACED = 8  # drawings traced from each cut-out
HUMAN = 0.6  # of drawings of an object that people have drawn, too
_NOTHING = np.zeros((0, 0, 3), np.uint8)

Maps = tuple[Tensor, Tensor]
EncodePictures = Callable[[np.ndarray], Maps]
EncodeDrawings = Callable[[np.ndarray], Tensor]


class FeaturePool:
    """Features by row, float16 in memory.

    Args:
        fine, coarse: maps at strides 16 and 32, (N, C16, h, w) and (N, C32, h / 2, w / 2).
        sketches: one vector a drawing, (M, hidden).
        texts: one vector a text, (T, hidden), if the text tower is frozen, too.
    """

    def __init__(
        self, fine: np.ndarray, coarse: np.ndarray, sketches: np.ndarray, texts: np.ndarray | None = None
    ) -> None:
        self.fine, self.coarse, self.drawn, self.said = fine, coarse, sketches, texts

    def maps(self, rows: Tensor) -> Maps:
        """(B,) -> (B, C16, h, w) and (B, C32, h / 2, w / 2), float32, on the rows' device."""
        return _at(self.fine, rows), _at(self.coarse, rows)

    def sketches(self, rows: Tensor) -> Tensor:
        """(Q,) -> (Q, hidden), float32, on the rows' device."""
        return _at(self.drawn, rows)

    def texts(self, rows: Tensor) -> Tensor:
        """(Q,) -> (Q, hidden), float32, on the rows' device. Raises ValueError if the pool has no words."""
        if self.said is None:
            raise ValueError("this pool holds no words: texts come as tokens")
        return _at(self.said, rows)


def _at(stored: np.ndarray, rows: Tensor) -> Tensor:
    return torch.from_numpy(stored[rows.cpu().numpy()]).float().to(rows.device)


class PooledExamples:
    """The examples of a pool; offers what ExampleSource does, at the pool's one size."""

    def __init__(self, source: ExampleSource, scenes: int, photos: int, worded: int, grouped: float) -> None:
        self.source, self.size, self.seen = source, source.size, source.seen
        self.boxed, self.worded = source.boxed, source.worded
        self.counts = {"scenes": -(-scenes // BLOCK) * BLOCK, "photos": photos, "worded": worded}
        self.grouped = grouped
        self.made: dict[str, list[Example]] = {name: [] for name in self.counts}

    def fill(
        self, rng: np.random.Generator, encode: EncodePictures, folder: Path, key: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """Make and encode everything: the maps at both strides, a row an example.

        Args:
            folder: where the maps are kept, so that a run that goes on doesn't encode again.
            key: what they depend on beside the numbers of examples and the pictures' size.
        """
        key = json.dumps([key, self.counts, self.grouped, self.size.get()])
        fine, coarse, done = (folder / name for name in ("fine.npy", "coarse.npy", "key.json"))
        if done.is_file() and done.read_text(encoding="utf-8") == key:
            self._make(rng, None)
            return np.load(fine, mmap_mode="r"), np.load(coarse, mmap_mode="r")
        maps = self._make(rng, encode)
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        for path, stored in zip((fine, coarse), maps, strict=True):
            np.save(path, stored)
        done.write_text(key, encoding="utf-8")
        return maps[0], maps[1]

    def _make(self, rng: np.random.Generator, encode: EncodePictures | None) -> list[np.ndarray]:
        """Make all examples, and with `encode` their maps."""
        size, total = self.size.get(), sum(self.counts.values())
        maps: list[np.ndarray] = []
        with tqdm(total=total, desc="pictures", mininterval=5) as bar:
            for name, count in self.counts.items():
                while len(self.made[name]) < count:
                    made, first = self._more(name, rng, size), bar.n
                    for start in range(0, len(made) if encode else 0, ENCODED):
                        pixels = np.stack([example.pixels for example in made[start : start + ENCODED]])
                        encoded = encode(pixels) if encode else ()
                        if not maps:
                            maps = [np.empty((total, *part.shape[1:]), np.float16) for part in encoded]
                        for stored, part in zip(maps, encoded, strict=True):
                            stored[first + start : first + start + len(part)] = part.numpy()
                    self.made[name] += [_light(example, first + n) for n, example in enumerate(made)]
                    bar.update(len(made))
        return maps

    def _more(self, name: str, rng: np.random.Generator, size: int) -> list[Example]:
        if name == "scenes":
            return self.source.scenes(rng, size, BLOCK, self.grouped)
        left = min(ENCODED, self.counts[name] - len(self.made[name]))
        if name == "photos":
            return [self.source.photo(rng, size, boxed=True, captioned=True) for _ in range(left)]
        return [self.source.worded_photo(rng, size) for _ in range(left)]

    def scenes(self, rng: np.random.Generator, size: int, count: int, grouped: float) -> list[Example]:
        """`count` scenes, of one pool of categories as far as one block reaches."""
        made, blocks = self.made["scenes"], self.counts["scenes"] // BLOCK
        chosen: list[Example] = []
        while len(chosen) < count:
            start = int(rng.integers(blocks)) * BLOCK
            chosen += made[start : start + min(BLOCK, count - len(chosen))]
        return chosen

    def photo(self, rng: np.random.Generator, size: int, *, boxed: bool, captioned: bool = False) -> Example:
        """A crop of a photo with boxes."""
        return self.made["photos"][int(rng.integers(len(self.made["photos"])))]

    def worded_photo(self, rng: np.random.Generator, size: int) -> Example:
        """A crop of a photo with captions or labels."""
        return self.made["worded"][int(rng.integers(len(self.made["worded"])))]

    def labels(self, example: Example) -> np.ndarray:
        """Class of every patch (P,), as ExampleSource says it."""
        return self.source.labels(example)


def _light(example: Example, row: int) -> Example:
    """The example without its pixels, which its row replaces."""
    return replace(
        example,
        pixels=_NOTHING,
        scene=None if example.scene is None else _without_pixels(example.scene),
        crop=None if example.crop is None else replace(example.crop, pixels=_NOTHING),
        rivals=tuple(map(_without_pixels, example.rivals)),
        row=row,
    )


def _without_pixels(scene: Scene) -> Scene:
    return replace(scene, image=_NOTHING, labels=_NOTHING[..., 0])


@dataclass(frozen=True)
class SketchPool:
    """Drawings and their rows.

    Attributes:
        inks: (M, s, s) uint8, ink high.
        named: rows by drawing category; `of_category`: by object category; `traced`: by cut-out.
    """

    inks: np.ndarray
    named: Mapping[str, Sequence[int]]
    of_category: Mapping[str, Sequence[int]]
    traced: Mapping[CutOut, Sequence[int]]

    def of_object(self, cut_out: CutOut, rng: np.random.Generator) -> int:
        """A row: a person's drawing of such a thing, or one traced from this very object."""
        human = self.of_category.get(cut_out.category, ())
        rows = human if human and rng.random() < HUMAN else self.traced[cut_out]
        return rows[int(rng.integers(len(rows)))]

    def of_name(self, name: str, rng: np.random.Generator) -> int:
        """A row: a person's drawing of this category."""
        rows = self.named[name]
        return rows[int(rng.integers(len(rows)))]


def pool_sketches(
    drawings: Drawings,
    examples: ExampleSource,
    names: Mapping[str, Sequence[str]],
    processor: STNetProcessor,
    encode: EncodeDrawings,
    each: int,
    careless: float,
    rng: np.random.Generator,
) -> tuple[SketchPool, np.ndarray]:
    """Draw `each` times every drawing category, and TRACED times every cut-out; encode all of it.

    Args:
        names: object category -> its drawing categories.

    Returns:
        The pool, and its features (M, hidden) float16.
    """
    sketcher, inks, features = Sketcher(), [], []
    waiting: list[np.ndarray] = []

    def add(ink: np.ndarray) -> int:
        waiting.append(np.asarray(processor.fit(Image.fromarray(ink))))
        inks.append(waiting[-1])
        if len(waiting) == ENCODED:
            flush()
        return len(inks) - 1

    def flush() -> None:
        if waiting:
            features.append(encode(np.stack(waiting)).numpy().astype(np.float16))
            waiting.clear()

    named = {
        name: [add(drawings.sample_named(name, rng, held_out=False, careless=careless)) for _ in range(each)]
        for name in tqdm(drawings.names(held_out=False), desc="drawings", mininterval=5)
    }
    cut_outs = [one for name in examples.seen for one in examples.bank.cut_outs(name, held_out=False)]
    traced = {
        one: [
            add(sketcher.sketch(one, rng, held_out=False, human=0.0, careless=careless)[0])
            for _ in range(TRACED)
        ]
        for one in tqdm(cut_outs, desc="tracings", mininterval=5)
    }
    flush()
    of_category = {
        category: [row for name in drawn for row in named.get(name, ())] for category, drawn in names.items()
    }
    return SketchPool(np.stack(inks), named, of_category, traced), np.concatenate(features)
