"""The drawings' tower learns once more, against pictures: what nobody named it can match all the same.

The paper's towers meet with the sketch tower frozen. A tower that learned names alone tells apart what it
has names for; of other things its vectors say nothing that a picture of them could answer.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.scoring import attend, score_all_pairs
from stnet.training.batches.batch import MatchBatch
from stnet.training.batches.labels import COVERED
from stnet.training.batches.stream import BatchSource
from stnet.training.config import TrainConfig
from stnet.training.losses import attention_to_object, classification, contrastive, focal
from stnet.training.stages.base import Stage


class MatchStage(Stage[MatchBatch]):
    """Losses by name: "sketch" and "contrastive" (L_CT): InfoNCE of the drawing alone, and of Q with words,
    against V; "focus" and "attention" (L_OD): where the thing is; "names": what people drew it as.

    `names` is how many names there are; a model that has a naming head of so many begins with it.
    """

    parts = ("sketch_tower", "sketch_projection")

    def __init__(
        self,
        model: STNetModel,
        processor: STNetProcessor,
        config: TrainConfig,
        source: BatchSource[MatchBatch],
        names: int,
    ) -> None:
        super().__init__(model, processor, config, source)
        self.heads.focus.requires_grad_(True)
        self.naming = nn.Linear(model.config.projection_dim, names)
        if model.naming_head is not None and len(model.config.drawn_names) == names:
            self.naming.load_state_dict(model.naming_head.state_dict())

    def forward(self, batch: MatchBatch) -> dict[str, Tensor]:
        sketch = self.model.encode_sketch(self.processor.sketch_batch(batch.ink))
        with torch.autocast(sketch.device.type, enabled=False):  # softmax and cosines in float32
            sketch = sketch.float()
            scale = self.model.logit_scale.exp().clamp(max=100.0)
            attention = attend(sketch, batch.patches, self.model.temperature)
            return {
                "sketch": self._alone(batch, sketch, attention, scale),
                "contrastive": self._with_words(batch, sketch, scale),
                **self._detection(batch, sketch, attention),
                **self._names(batch, sketch),
            }

    def _alone(self, batch: MatchBatch, sketch: Tensor, attention: Tensor, scale: Tensor) -> Tensor:
        """L_CT of the drawings alone: every picture that shows such a thing is right."""
        scores = score_all_pairs(attention, self.model.neutral_text * sketch, batch.patches)
        holds = (batch.thing[:, None, None] == batch.things[None]).any(-1)
        return contrastive(scale * scores, holds)

    def _with_words(self, batch: MatchBatch, sketch: Tensor, scale: Tensor) -> Tensor:
        """L_CT of the queries that have words; as in a search, the drawing counts its share beside them."""
        worded = batch.words.any(-1)
        beside = self.model.beside_words(sketch[worded])
        attention = attend(beside, batch.patches, self.model.temperature)
        scores = score_all_pairs(attention, batch.words[worded] * beside, batch.patches)
        own = F.one_hot(batch.picture[worded], len(batch.patches)).bool()
        return contrastive(scale * scores, own)

    def _detection(self, batch: MatchBatch, sketch: Tensor, attention: Tensor) -> dict[str, Tensor]:
        """L_OD's part that says where, and how often the strongest patch shows the thing."""
        same = (batch.thing[:, None, None] == batch.things[None]).float()
        shown = torch.einsum("qnk,nkp->qnp", same, batch.coverage).clamp(max=1.0)
        logits = torch.einsum("qd,npd->qnp", sketch, batch.patches) / self.model.temperature
        scale, offset = self.heads.focus
        rows = torch.arange(len(sketch), device=sketch.device)
        own_attention, own_shown = attention[rows, batch.picture], shown[rows, batch.picture]
        hit = own_shown.gather(1, own_attention.argmax(1, keepdim=True)) >= COVERED
        return {
            "focus": focal(logits * scale + offset, shown >= COVERED),
            "attention": attention_to_object(own_attention, own_shown),
            "pointing": hit.float().mean(),
        }

    def _names(self, batch: MatchBatch, sketch: Tensor) -> dict[str, Tensor]:
        """What people drew it as."""
        named, known = self.naming(sketch), batch.name >= 0
        right = (named.argmax(-1) == batch.name) & known
        return {
            "names": classification(named, batch.name),
            "accuracy": right.sum() / known.sum().clamp(min=1),
        }
