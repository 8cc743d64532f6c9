"""First stage of the sketch tower: name the drawing (the paper's first step, before it meets pictures)."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from stnet.data.categories import CategorySplit
from stnet.data.drawings import Drawings, Sketcher
from stnet.data.objects import ObjectBank
from stnet.losses import classification
from stnet.modeling import STNetModel
from stnet.processing import STNetProcessor
from stnet.training.batches import batch_loader, stack
from stnet.training.config import TrainConfig


class SketchSource:
    """Sketches with class ids: half of objects of the seen categories, half of anything people drew.

    Drawings of unseen categories are never drawn from.
    """

    def __init__(
        self,
        bank: ObjectBank,
        drawings: Drawings | None,
        split: CategorySplit,
        processor: STNetProcessor,
        batch_size: int,
    ) -> None:
        self.bank, self.drawings, self.processor, self.batch_size = bank, drawings, processor, batch_size
        self.sketcher = Sketcher(drawings)
        self.objects = [name for name in split.seen if name in bank.categories]
        taken = {name for names in split.drawings.values() for name in names}
        named = () if drawings is None else drawings.names(held_out=False)
        self.others = [name for name in named if name not in taken]
        self.classes = len(self.objects) + len(self.others)

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
        if self.others and rng.random() < 0.4:
            index = int(rng.integers(len(self.others)))
            assert self.drawings is not None
            ink = self.drawings.sample_named(self.others[index], rng, held_out=False)
            label = len(self.objects) + index
        else:
            label = int(rng.integers(len(self.objects)))
            cut_outs = self.bank.cut_outs(self.objects[label], held_out=False)
            ink, _ = self.sketcher.sketch(
                cut_outs[rng.integers(len(cut_outs))], rng, held_out=False, human=0.6
            )
        return np.asarray(self.processor.fit(Image.fromarray(ink))), label


class SketchStage(nn.Module):
    """Loss "classification" of h_S."""

    def __init__(
        self, model: STNetModel, processor: STNetProcessor, config: TrainConfig, source: SketchSource
    ) -> None:
        super().__init__()
        self.model, self.processor, self.config, self.source = model, processor, config, source
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.startswith(("sketch_tower", "sketch_projection")))
        self.classify = nn.Linear(model.config.projection_dim, source.classes)

    def set_progress(self, progress: float) -> None:
        """Nothing changes with time."""

    def batches(self, process: int, first: int) -> Iterable[dict[str, Any]]:
        return batch_loader(self.source, self.config.workers, self.config.seed + 1_000 * process, first)

    def forward(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        logits = self.classify(self.model.encode_sketch(self.processor.sketch_batch(batch["ink"])))
        return {
            "classification": classification(logits.float(), batch["category"]),
            "accuracy": (logits.argmax(-1) == batch["category"]).float().mean(),
        }
