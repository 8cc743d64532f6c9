"""First stage of the sketch tower: name the drawing (the paper's first step, before it meets pictures)."""

from typing import Protocol

import torch
from torch import Tensor, nn

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.batch import SketchBatch
from stnet.training.batches.stream import BatchSource
from stnet.training.config import TrainConfig
from stnet.training.losses import classification
from stnet.training.stages.base import Stage


class NamedSketches(BatchSource[SketchBatch], Protocol):
    """Makes batches of sketches; `extra` of their class ids lie beyond the model's categories."""

    extra: int


class SketchStage(Stage[SketchBatch]):
    """Loss "classification" of h_S."""

    parts = ("sketch_tower", "sketch_projection")

    def __init__(
        self, model: STNetModel, processor: STNetProcessor, config: TrainConfig, source: NamedSketches
    ) -> None:
        super().__init__(model, processor, config, source)
        self.extra = nn.Linear(model.config.projection_dim, source.extra) if source.extra else None

    def forward(self, batch: SketchBatch) -> dict[str, Tensor]:
        sketch = self.model.encode_sketch(self.processor.sketch_batch(batch.ink))
        logits = self.heads.classify(sketch)
        if self.extra is not None:
            logits = torch.cat([logits, self.extra(sketch)], dim=-1)
        return {
            "classification": classification(logits.float(), batch.category),
            "accuracy": (logits.argmax(-1) == batch.category).float().mean(),
        }
