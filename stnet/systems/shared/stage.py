"""STNET on the shared pool: the joint stage's losses, and what its authors' slides do otherwise."""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from stnet.model.scoring import attended
from stnet.systems.shared.decoder import ConvolutionalDecoder, redrawing
from stnet.systems.shared.learning import Objective
from stnet.systems.shared.making import FROZEN
from stnet.systems.shared.pool import SharedPool
from stnet.training.batches.batch import QueryBatch
from stnet.training.config import RunError, TrainConfig
from stnet.training.losses import classification, intersection_over_union
from stnet.training.stages.joint import JointStage

QueryForm = Literal["product", "text"]


class NoSource:
    """The pool's batches are handed to the stage: it makes none."""

    def make(self, rng: object) -> QueryBatch:
        """Raises RunError."""
        raise RunError("the shared pool's batches are made already")

    def set_image_size(self, size: int) -> None:
        """Pictures have one size."""


class SharedStage(JointStage):
    """The joint stage over the pool's features, with further losses where a weight asks for them:

    text_classification: L_CLS on h_T; overlap: L_OD as the IoU loss alone; redrawing: L_SR by convolutions,
    BCE and DICE. With the form "text" of a query, Q = h_T: a drawing acts through attention alone.
    """

    def __init__(self, pool: SharedPool, config: TrainConfig, form: QueryForm = "product") -> None:
        super().__init__(
            pool.fresh_model(config.seed), pool.processor, config, NoSource(), pool=pool.features
        )
        self.form = form
        self.decoder = ConvolutionalDecoder(self.model.config.projection_dim)
        self.freeze(FROZEN)

    def query(self, text: Tensor, sketch: Tensor) -> Tensor:
        """Q: h_T * h_S, or h_T."""
        if self.form == "product":
            return super().query(text, sketch)
        return text.expand(*torch.broadcast_shapes(text.shape, sketch.shape))

    def forward(self, batch: QueryBatch) -> dict[str, Tensor]:
        losses = super().forward(batch)
        if "text_classification" in self.config.weights:
            worded = batch.has_text
            losses["text_classification"] = classification(
                self.heads.classify(self.texts(batch)[worded]), batch.category[worded]
            )
        return losses

    def detection_losses(
        self, batch: QueryBatch, patches: Tensor, sketch: Tensor, attention: Tensor
    ) -> dict[str, Tensor]:
        losses = super().detection_losses(batch, patches, sketch, attention)
        if "overlap" in self.config.weights:
            rows = torch.arange(len(sketch))
            predicted = self.model.predict_box(patches[batch.query_image], attention[rows, batch.query_image])
            placed = batch.pictures.placed[batch.query_image, batch.query_object]
            wanted = batch.pictures.object_box[batch.query_image, batch.query_object]
            overlap = intersection_over_union(predicted[placed], wanted[placed])
            losses["overlap"] = (1 - overlap).sum() / placed.sum().clamp_min(1)
        return losses

    def object_losses(
        self, batch: QueryBatch, patches: Tensor, sketch: Tensor, attention: Tensor
    ) -> dict[str, Tensor]:
        losses = super().object_losses(batch, patches, sketch, attention)
        if "redrawing" in self.config.weights:
            rows = torch.arange(len(sketch))
            localized = attended(attention[rows, batch.query_image], patches[batch.query_image])
            side = self.heads.sketch_side
            ink = F.adaptive_avg_pool2d(batch.ink[:, None].float() / 255, side)[:, 0]
            losses["redrawing"] = redrawing(self.decoder(localized), ink)
        return losses


class STNetObjective(Objective):
    """The stage's losses, weighed as its configuration says."""

    def __init__(self, stage: SharedStage) -> None:
        super().__init__()
        self.stage = stage

    def forward(self, batch: QueryBatch) -> dict[str, Tensor]:
        """Raises RunError if the weights name a loss that the stage hasn't, or none at all."""
        losses, weights = self.stage(batch), self.stage.config.weights
        unknown = sorted(weights.keys() - losses.keys())
        if unknown or not weights:
            raise RunError(f"weights name {unknown or 'no losses'}; there are {', '.join(losses)}")
        total = torch.stack([losses[name] * weight for name, weight in weights.items()]).sum()
        return {"loss": total, **losses}

    def train(self, mode: bool = True) -> "STNetObjective":
        """What is frozen stays as it was for reading."""
        super().train(mode)
        for part in FROZEN:
            self.stage.model.get_submodule(part).eval()
        return self
