"""First stage of the image tower: what each patch shows and how large, and a frozen teacher's features."""

from torch import Tensor

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.batch import PictureBatch
from stnet.training.batches.labels import COVERED
from stnet.training.batches.stream import BatchSource
from stnet.training.config import TrainConfig
from stnet.training.distillation import distillation, encode_with_teacher
from stnet.training.heads import class_weights
from stnet.training.losses import box_regression, classification
from stnet.training.stages.base import Stage


class ImageStage(Stage[PictureBatch]):
    """Losses "dense" (every patch names its object), "box" (and says where its object ends), and with a
    teacher in the configuration "teacher"."""

    parts = ("image_tower", "image_projection", "box_head")
    class_weight: Tensor

    def __init__(
        self,
        model: STNetModel,
        processor: STNetProcessor,
        config: TrainConfig,
        source: BatchSource[PictureBatch],
    ) -> None:
        super().__init__(model, processor, config, source)
        self.register_buffer("class_weight", class_weights(len(model.config.categories)))
        self.distillation = distillation(config.teacher, model.image_tower)

    def forward(self, batch: PictureBatch) -> dict[str, Tensor]:
        patches, losses = encode_with_teacher(self.model, self.processor, batch.images, self.distillation)
        labels = batch.patch_labels
        logits = self.heads.classify(patches)
        seen = labels >= 0
        picture, number, patch = (batch.coverage >= COVERED).nonzero(as_tuple=True)
        boxes = self.model.box_head(patches.float())[picture, patch]
        return losses | {
            "dense": classification(logits, labels, self.class_weight),
            "box": box_regression(boxes, batch.object_box[picture, number]),
            "dense_accuracy": (logits.argmax(-1) == labels)[seen & (labels < logits.shape[-1] - 1)]
            .float()
            .mean(),
        }
