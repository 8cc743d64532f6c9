"""First stage of the image tower: what each patch shows and how large, and a frozen teacher's features."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.image import PatchConvNet
from stnet.training.batches.labels import COVERED
from stnet.training.batches.stream import BatchSource, batch_loader
from stnet.training.config import RunError, TrainConfig
from stnet.training.distillation import MobileNetTeacher
from stnet.training.heads import TeacherHead, TrainingHeads, class_weights
from stnet.training.losses import box_regression, classification, feature_distillation


class Distillation(nn.Module):
    """The teacher, the maps to its channels, and the loss at both of its levels and pooled."""

    def __init__(self, tower: PatchConvNet, weights: Path) -> None:
        super().__init__()
        self.teacher = MobileNetTeacher(weights)
        self.head = TeacherHead(tower.config.stage_channels[1:], self.teacher.channels)
        # a batch norm without parameters standardises the teacher's channels: the cosine weighs them alike
        self.standardize = nn.ModuleList(nn.BatchNorm2d(c, affine=False) for c in self.teacher.channels)

    def forward(self, maps: tuple[Tensor, Tensor], pixels: Tensor) -> Tensor:
        """The student's maps and the same pixels in 0..1 (B, 3, S, S) -> loss"""
        targets = [norm(t.float()) for norm, t in zip(self.standardize, self.teacher(pixels), strict=True)]
        loss = pixels.new_zeros(())
        for predicted, target in zip(self.head(maps), targets, strict=True):
            loss = loss + feature_distillation(predicted, target)
            pooled = [F.adaptive_avg_pool2d(part.float(), 1) for part in (predicted, target)]
            loss = loss + 0.5 * feature_distillation(*pooled)
        return loss


def encode_with_teacher(
    model: STNetModel, processor: STNetProcessor, images: Tensor, distillation: Distillation | None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Pictures (B, S, S, 3) uint8 -> patch features H (B, P, D), and the loss "teacher" if there is one."""
    pixels = processor.image_batch(images)
    if distillation is None:
        return model.encode_image(pixels), {}
    tower = model.image_tower
    assert isinstance(tower, PatchConvNet)
    maps = tower.feature_maps(pixels)
    teacher = distillation(maps, images.permute(0, 3, 1, 2).float() / 255)
    tokens = tower.post_layernorm(tower.patch_tokens(*maps))
    return model.image_projection(tokens), {"teacher": teacher}


class ImageStage(nn.Module):
    """Losses "dense" (every patch names its object), "box" (and says where its object ends), and with a
    teacher in the configuration "teacher"."""

    class_weight: Tensor

    def __init__(
        self, model: STNetModel, processor: STNetProcessor, config: TrainConfig, source: BatchSource
    ) -> None:
        super().__init__()
        if config.teacher is not None and not isinstance(model.image_tower, PatchConvNet):
            raise RunError("a teacher needs a PatchConvNet image tower: leave `teacher` out")
        self.model, self.processor, self.config, self.source = model, processor, config, source
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.startswith(("image_tower", "image_projection", "box_head")))
        self.heads = TrainingHeads(model.config.projection_dim, len(model.config.categories))
        for parameter in (*self.heads.reconstruct.parameters(), self.heads.focus):
            parameter.requires_grad_(False)
        self.register_buffer("class_weight", class_weights(len(model.config.categories)))
        self.distillation = (
            Distillation(model.image_tower, Path(config.teacher)) if config.teacher is not None else None
        )

    def set_progress(self, progress: float) -> None:
        self.source.set_image_size(self.config.image_size_at(progress, self.model.config.image_size))

    def batches(self, process: int, first: int) -> Iterable[dict[str, Any]]:
        return batch_loader(self.source, self.config.workers, self.config.seed + 1_000 * process, first)

    def forward(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        patches, losses = encode_with_teacher(self.model, self.processor, batch["images"], self.distillation)
        labels = batch["patch_labels"]
        logits = self.heads.classify(patches)
        seen = labels >= 0
        picture, number, patch = (batch["coverage"] >= COVERED).nonzero(as_tuple=True)
        boxes = self.model.box_head(patches.float())[picture, patch]
        return losses | {
            "dense": classification(logits, labels, self.class_weight),
            "box": box_regression(boxes, batch["object_box"][picture, number]),
            "dense_accuracy": (logits.argmax(-1) == labels)[seen & (labels < logits.shape[-1] - 1)]
            .float()
            .mean(),
        }
