"""Batches for the sketch stage: drawings of things by people, and traced from cut-outs."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image

from stnet.data.categories import CategorySplit
from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.objects import ObjectBank
from stnet.data.words.photo_names import drawn_as
from stnet.model.processing import STNetProcessor
from stnet.training.batches.batch import SketchBatch
from stnet.training.batches.stream import stack

ANYTHING, PHOTOGRAPHED = 0.5, 0.2  # shares of sketches: of anything; of these, of what is on photos


class SketchSource:
    """Sketches with class ids: most of objects of the seen categories, some of anything that people drew.

    Drawings of unseen categories are never used. Class ids are the model's; what people drew beyond its
    categories gets ids after them (`extra` many): a tower that has met more shapes tells unseen ones apart.
    `careless`: chance of a turn, and of a missing end (see vary_drawing).
    """

    def __init__(
        self,
        bank: ObjectBank,
        drawings: Drawings | None,
        split: CategorySplit,
        processor: STNetProcessor,
        categories: Sequence[str],
        batch_size: int,
        careless: float = 0.0,
    ) -> None:
        self.bank, self.drawings, self.processor, self.batch_size = bank, drawings, processor, batch_size
        self.careless = careless
        self.sketcher = Sketcher(drawings)
        self.objects = [name for name in split.seen if name in bank.categories]
        self.ids = {name: number for number, name in enumerate(categories)}
        taken = {name for names in split.drawings.values() for name in names}
        named = () if drawings is None else drawings.names(held_out=False)
        self.anything = [name for name in named if name not in taken]
        photographed = {
            drawn_as(name): number for name, number in self.ids.items() if name not in split.names
        }
        self.photographed = [name for name in self.anything if name in photographed]
        rest = [name for name in self.anything if name not in photographed]
        self.extra = len(rest)
        # the id after the categories is the classifier's "no object"
        self.drawing_ids = {name: len(categories) + 1 + number for number, name in enumerate(rest)}
        self.drawing_ids |= {name: photographed[name] for name in self.photographed}

    def set_image_size(self, size: int) -> None:
        """Sketches have one size."""

    def make(self, rng: np.random.Generator) -> SketchBatch:
        """One batch of drawings."""
        pairs = [self._one(rng) for _ in range(self.batch_size)]
        return SketchBatch(
            ink=stack([ink for ink, _ in pairs]), category=torch.tensor([label for _, label in pairs])
        )

    def _one(self, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        chance = rng.random()
        if self.anything and chance < ANYTHING:
            pool = self.photographed if self.photographed and chance < PHOTOGRAPHED else self.anything
            name = pool[int(rng.integers(len(pool)))]
            assert self.drawings is not None
            ink = self.drawings.sample_named(name, rng, held_out=False, careless=self.careless)
            label = self.drawing_ids[name]
        else:
            name = self.objects[int(rng.integers(len(self.objects)))]
            cut_outs = self.bank.cut_outs(name, held_out=False)
            cut_out = cut_outs[int(rng.integers(len(cut_outs)))]
            ink, _ = self.sketcher.sketch(cut_out, rng, held_out=False, human=0.7, careless=self.careless)
            label = self.ids[name]
        return np.asarray(self.processor.fit(Image.fromarray(ink))), label
