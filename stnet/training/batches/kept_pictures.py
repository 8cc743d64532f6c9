"""Pictures as a model sees them, encoded once and kept in files: what drawings learn to match.

All of a run's pictures are encoded before its first step. Then a step costs what the drawings' tower costs.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.data.scenes.groups import describe_apart
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.examples import MOST_OBJECTS, Example

ENCODED = 32  # pictures at a time
_ARRAYS = ("patches", "coverage", "words")
_OBJECTS_FILE, _KEY_FILE = "objects.json", "key.json"


@dataclass(frozen=True)
class KeptObject:
    """What is on a kept picture: its category's name, and the cut-out's; None for a thing of a photo."""

    name: str
    cut_out: str | None


@dataclass(frozen=True, eq=False)
class KeptPictures:
    """N pictures with P patches, each with up to MOST_OBJECTS objects.

    Attributes:
        patches: H, (N, P, D) float16.
        coverage: share of each patch that each object covers, (N, MOST_OBJECTS, P) float16, 0 for padding.
        words: h_T of words about each object, (N, MOST_OBJECTS, D) float16, 0 where there are none.
        objects: what is on each.
    """

    patches: np.ndarray
    coverage: np.ndarray
    words: np.ndarray
    objects: Sequence[Sequence[KeptObject]]

    def __len__(self) -> int:
        return len(self.objects)

    def save(self, folder: Path, key: str) -> None:
        """Write everything; `key` says what it was made of, and is written last."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _KEY_FILE).unlink(missing_ok=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        rows = [[[entry.name, entry.cut_out] for entry in objects] for objects in self.objects]
        (folder / _OBJECTS_FILE).write_text(json.dumps(rows), encoding="utf-8")
        (folder / _KEY_FILE).write_text(key, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, key: str) -> "KeptPictures | None":
        """What `save` wrote with this key, None if the folder has no such pictures."""
        written = folder / _KEY_FILE
        if not written.is_file() or written.read_text(encoding="utf-8") != key:
            return None
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        rows = json.loads((folder / _OBJECTS_FILE).read_text(encoding="utf-8"))
        return cls(**arrays, objects=[[KeptObject(*entry) for entry in objects] for objects in rows])


@torch.inference_mode()
def keep_pictures(
    model: STNetModel,
    processor: STNetProcessor,
    examples: Iterator[Example],
    count: int,
    rng: np.random.Generator,
) -> KeptPictures:
    """Encode `count` examples; the objects of composed scenes get words of their own."""
    config = model.config
    shape = (count, MOST_OBJECTS)
    patches: list[np.ndarray] = []
    coverage = np.zeros((*shape, math.prod(config.grid)), np.float16)
    words = np.zeros((*shape, config.projection_dim), np.float16)
    objects, waiting = [], []
    for row in tqdm(range(count), desc="pictures", mininterval=5):
        example = next(examples)
        coverage[row, : len(example.names)] = example.coverage
        objects.append([_kept(example, number) for number in range(len(example.names))])
        if example.scene is not None and example.names:
            told = [describe_apart(example.scene, n, (), rng)[0] for n in range(len(example.names))]
            ids, mask = processor.text_batch(told)
            words[row, : len(told)] = model.encode_text(ids, mask).numpy()
        waiting.append(example.pixels)
        if len(waiting) == ENCODED or row + 1 == count:
            values = processor.image_batch(torch.from_numpy(np.stack(waiting)))
            patches.append(model.encode_image(values).numpy().astype(np.float16))
            waiting.clear()
    return KeptPictures(np.concatenate(patches), coverage, words, objects)


def _kept(example: Example, number: int) -> KeptObject:
    cut_out = example.cut_out(number)
    return KeptObject(example.names[number], None if cut_out is None else cut_out.name)
