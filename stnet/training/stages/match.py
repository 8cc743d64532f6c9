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
        model = self.model
        sketch = model.encode_sketch(self.processor.sketch_batch(batch.ink)).float()
        scale = model.logit_scale.exp().clamp(max=100.0)
        attention = attend(sketch, batch.patches, model.temperature)
        alone = score_all_pairs(attention, model.neutral_text * sketch, batch.patches)
        same = batch.thing[:, None, None] == batch.things[None]  # (Q, B, K)
        shown = torch.einsum("qnk,nkp->qnp", same.float(), batch.coverage).clamp(max=1.0)
        focus_scale, offset = self.heads.focus
        logits = torch.einsum("qd,npd->qnp", sketch, batch.patches) / model.temperature
        rows = torch.arange(len(sketch), device=sketch.device)
        own_attention, own_shown = attention[rows, batch.picture], shown[rows, batch.picture]
        hit = own_shown.gather(1, own_attention.argmax(1, keepdim=True)) >= COVERED
        named, known = self.naming(sketch), batch.name >= 0
        return {
            "sketch": contrastive(scale * alone, same.any(-1)),
            "contrastive": self._with_words(batch, sketch, scale),
            "focus": focal(logits * focus_scale + offset, shown >= COVERED),
            "attention": attention_to_object(own_attention, own_shown),
            "names": classification(named, batch.name),
            "pointing": hit.float().mean(),
            "accuracy": ((named.argmax(-1) == batch.name) & known).sum() / known.sum().clamp(min=1),
        }

    def _with_words(self, batch: MatchBatch, sketch: Tensor, scale: Tensor) -> Tensor:
        """L_CT of the queries that have words; as in a search, the drawing counts its share beside them."""
        worded = batch.words.any(-1)
        beside = self.model.beside_words(sketch[worded])
        attention = attend(beside, batch.patches, self.model.temperature)
        scores = score_all_pairs(attention, batch.words[worded] * beside, batch.patches)
        own = F.one_hot(batch.picture[worded], len(batch.patches)).bool()
        return contrastive(scale * scores, own)
