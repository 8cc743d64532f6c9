"""What the stages that see pictures share: a teacher's features, and how much each class counts."""

from torch import Tensor

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.batch import AnyBatch
from stnet.training.batches.stream import BatchSource
from stnet.training.config import TrainConfig
from stnet.training.distillation import distillation, encode_with_teacher
from stnet.training.heads import class_weights
from stnet.training.stages.base import Stage


class PictureStage(Stage[AnyBatch]):
    """A stage whose batches hold pictures.

    Attributes:
        class_weight: in the loss "dense", (categories + 1,): "no object" counts less.
        distillation: from the teacher that the configuration names, if any.
    """

    class_weight: Tensor

    def __init__(
        self,
        model: STNetModel,
        processor: STNetProcessor,
        config: TrainConfig,
        source: BatchSource[AnyBatch],
    ) -> None:
        super().__init__(model, processor, config, source)
        self.register_buffer("class_weight", class_weights(len(model.config.categories)))
        self.distillation = distillation(config.teacher, model.image_tower)

    def encode(self, images: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Pictures (B, S, S, 3) uint8 -> patch features H (B, P, D), and a teacher's loss by its name"""
        return encode_with_teacher(self.model, self.processor, images, self.distillation)
