"""First stage of the sketch tower: name the drawing (the paper's first step, before it meets pictures)."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from stnet.data.categories import CategorySplit
from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.objects import ObjectBank
from stnet.data.words.photo_names import drawn_as
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.stream import BatchSource, batch_loader, stack
from stnet.training.config import TrainConfig
from stnet.training.heads import TrainingHeads
from stnet.training.losses import classification

ANYTHING, PHOTOGRAPHED = 0.35, 0.15  # shares of sketches: of anything; of these, of what is on photos


class SketchSource:
    """Sketches with class ids: most of objects of the seen categories, some of anything that people drew.

    Drawings of unseen categories are never used. Class ids are the model's; what people drew beyond its
    categories gets ids after them (`extra` many): a tower that has met more shapes tells unseen ones apart.
    """

    def __init__(
        self,
        bank: ObjectBank,
        drawings: Drawings | None,
        split: CategorySplit,
        processor: STNetProcessor,
        categories: Sequence[str],
        batch_size: int,
    ) -> None:
        self.bank, self.drawings, self.processor, self.batch_size = bank, drawings, processor, batch_size
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

    def make(self, rng: np.random.Generator) -> dict[str, Any]:
        """`ink` (B, s, s) uint8 and `category` (B,) int64"""
        pairs = [self._one(rng) for _ in range(self.batch_size)]
        return {
            "ink": stack([ink for ink, _ in pairs]),
            "category": torch.tensor([label for _, label in pairs]),
        }

    def _one(self, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        chance = rng.random()
        if self.anything and chance < ANYTHING:
            pool = self.photographed if self.photographed and chance < PHOTOGRAPHED else self.anything
            name = pool[int(rng.integers(len(pool)))]
            assert self.drawings is not None
            ink, label = self.drawings.sample_named(name, rng, held_out=False), self.drawing_ids[name]
        else:
            name = self.objects[int(rng.integers(len(self.objects)))]
            cut_outs = self.bank.cut_outs(name, held_out=False)
            cut_out = cut_outs[int(rng.integers(len(cut_outs)))]
            ink, _ = self.sketcher.sketch(cut_out, rng, held_out=False, human=0.6)
            label = self.ids[name]
        return np.asarray(self.processor.fit(Image.fromarray(ink))), label


class SketchBatches(BatchSource, Protocol):
    """Makes batches of `ink` and `category`; `extra` class ids lie beyond the model's categories."""

    extra: int


class SketchStage(nn.Module):
    """Loss "classification" of h_S."""

    def __init__(
        self, model: STNetModel, processor: STNetProcessor, config: TrainConfig, source: SketchBatches
    ) -> None:
        super().__init__()
        self.model, self.processor, self.config, self.source = model, processor, config, source
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.startswith(("sketch_tower", "sketch_projection")))
        self.heads = TrainingHeads(model.config.projection_dim, len(model.config.categories))
        for parameter in (*self.heads.reconstruct.parameters(), self.heads.focus):
            parameter.requires_grad_(False)
        self.extra = nn.Linear(model.config.projection_dim, source.extra) if source.extra else None

    def set_progress(self, progress: float) -> None:
        """Nothing changes with time."""

    def batches(self, process: int, first: int) -> Iterable[dict[str, Any]]:
        return batch_loader(self.source, self.config.workers, self.config.seed + 1_000 * process, first)

    def forward(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        sketch = self.model.encode_sketch(self.processor.sketch_batch(batch["ink"]))
        logits = self.heads.classify(sketch)
        if self.extra is not None:
            logits = torch.cat([logits, self.extra(sketch)], dim=-1)
        return {
            "classification": classification(logits.float(), batch["category"]),
            "accuracy": (logits.argmax(-1) == batch["category"]).float().mean(),
        }
