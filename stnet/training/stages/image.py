"""First stage of the image tower: what each patch shows and how large, and a frozen teacher's features."""

from torch import Tensor

from stnet.training.batches.batch import PictureBatch
from stnet.training.batches.labels import COVERED
from stnet.training.losses import box_regression, classification
from stnet.training.stages.pictures import PictureStage


class ImageStage(PictureStage[PictureBatch]):
    """Losses "dense" (every patch names its object), "box" (and says where its object ends), and with a
    teacher in the configuration "teacher"."""

    parts = ("image_tower", "image_projection", "box_head")

    def forward(self, batch: PictureBatch) -> dict[str, Tensor]:
        patches, losses = self.encode(batch.images)
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
