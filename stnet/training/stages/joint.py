"""All towers together: the paper's four losses, and ours for candidates, single patches and photos."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.scoring import attend, attended, score_all_pairs
from stnet.model.towers.patch_grid import PatchGrid
from stnet.training.batches.batch import QueryBatch
from stnet.training.batches.labels import COVERED
from stnet.training.batches.pool import FeaturePool
from stnet.training.batches.stream import BatchSource
from stnet.training.config import TrainConfig
from stnet.training.gathering import gather, gather_rows, process_number
from stnet.training.losses import (
    attention_to_object,
    box_regression,
    classification,
    contrastive,
    focal,
    recognition,
    reconstruction,
)
from stnet.training.recognition import Recogniser
from stnet.training.stages.pictures import PictureStage

EVEN = 64  # drawings are encoded in multiples of this many


class JointStage(PictureStage[QueryBatch]):
    """Losses by name (each has its weight in the configuration):

    contrastive (L_CT), words, sketch and candidates: InfoNCE of Q against V, of words alone, of the sketch
    alone and of Q against the query-independent vector; classification (L_CLS); attention, focus and box
    (L_OD); reconstruction (L_SR); captions, of words alone about whole pictures; dense; teacher; with a
    `recogniser`, names: its classes' names as words alone, against what it makes of the pictures.

    With a `pool` its batches name rows of it, and frozen networks don't run.
    """

    def __init__(
        self,
        model: STNetModel,
        processor: STNetProcessor,
        config: TrainConfig,
        source: BatchSource[QueryBatch],
        pool: FeaturePool | None = None,
    ) -> None:
        super().__init__(model, processor, config, source)
        self.pool = pool
        self.recogniser = Recogniser(Path(config.recogniser), processor) if config.recogniser else None

    def forward(self, batch: QueryBatch) -> dict[str, Tensor]:
        patches, losses = self._patches(batch)
        sketch = self._sketches(batch)
        text = self.texts(batch)
        text = torch.where(batch.has_text[:, None], text, self.model.neutral_text)
        with torch.autocast(patches.device.type, enabled=False):  # softmax and cosines in float32
            patches, sketch, text = patches.float(), sketch.float(), text.float()
            attention = attend(sketch, patches, self.model.temperature)
            losses |= self._contrastive_losses(batch, patches, sketch, text)
            losses |= self.detection_losses(batch, patches, sketch, attention)
            losses |= self.object_losses(batch, patches, sketch, attention)
        return losses | self._names(batch.pictures.images, patches)

    def _patches(self, batch: QueryBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """H of the batch's pictures, (B, P, D), and the teacher's loss if there is a teacher."""
        if self.pool is None or batch.pictures.rows is None:
            return self.encode(batch.pictures.images)
        tower = self.model.image_tower
        assert isinstance(tower, PatchGrid)
        tokens = tower.patch_tokens(*self.pool.maps(batch.pictures.rows))
        return self.model.image_projection(tower.post_layernorm(tokens)), {}

    def _sketches(self, batch: QueryBatch) -> Tensor:
        """h_S of the batch's queries, (Q, D)."""
        if self.pool is None or batch.sketch_rows is None:
            # a GPU plans its convolutions anew for every number of drawings: few numbers, few plans
            ink = F.pad(batch.ink, (0, 0, 0, 0, 0, -len(batch.ink) % EVEN))
            return self.model.encode_sketch(self.processor.sketch_batch(ink))[: len(batch.ink)]
        return self.model.sketch_projection(self.pool.sketches(batch.sketch_rows))

    def texts(self, batch: QueryBatch) -> Tensor:
        """h_T of the batch's queries, (Q, D)."""
        if self.pool is None or batch.text_rows is None:
            return self.model.encode_text(batch.input_ids, batch.attention_mask)
        return self.model.text_projection(self.pool.texts(batch.text_rows))

    def query(self, text: Tensor, sketch: Tensor) -> Tensor:
        """Q of h_T and h_S, their product as in the paper: (Q, D), (Q, D) or a neutral half (D,) -> (Q, D)"""
        return text * sketch

    def _contrastive_losses(
        self, batch: QueryBatch, patches: Tensor, sketch: Tensor, text: Tensor
    ) -> dict[str, Tensor]:
        """All processes' queries against all processes' pictures; each scores its own queries."""
        model, worded = self.model, batch.has_text
        scale = self._scale()
        target = batch.query_image + process_number() * len(patches)
        patches, shown = gather(patches), gather(batch.pictures.object_category)
        answers, described = (
            self._among_all(known, len(patches)) for known in (batch.answers, batch.described)
        )
        holds = (batch.category[:, None, None] == shown[None]).any(-1)  # (Q, N)
        attention = attend(sketch, patches, model.temperature)
        query = self.query(text, sketch)
        scores = score_all_pairs(attention, query, patches)
        overall = self._overall(patches)

        def against_overall(vectors: Tensor) -> Tensor:
            return scale * F.normalize(vectors, dim=-1) @ overall.T

        def of_all(logits: Tensor, positives: Tensor) -> Tensor:
            smoothing = self.config.label_smoothing
            return contrastive(gather_rows(logits), gather_rows(positives), smoothing)

        by_sketch = score_all_pairs(attention, self.query(model.neutral_text, sketch), patches)
        rank = (scores > scores.gather(1, target[:, None])).sum(1)
        losses = {
            "contrastive": of_all(scale * scores, torch.where(worded[:, None], answers, holds)),
            "sketch": of_all(scale * by_sketch, holds),
            "words": of_all(
                against_overall(self.query(text, model.neutral_sketch)), described & worded[:, None]
            ),
            "candidates": of_all(against_overall(query), torch.where(worded[:, None], answers, holds)),
            "first": (rank[worded] == 0).float().mean(),
        }
        if batch.captions is not None:
            captions = model.encode_text(batch.captions.input_ids, batch.captions.attention_mask).float()
            losses["captions"] = of_all(
                against_overall(captions * model.neutral_sketch),
                self._among_all(batch.captions.answers, len(patches)),
            )
        return losses

    def _names(self, images: Tensor, patches: Tensor) -> dict[str, Tensor]:
        """The loss "names" if there is a recogniser. (B, S, S, 3) uint8, H (B, P, D)"""
        if self.recogniser is None:
            return {}
        probabilities = self.recogniser(self.processor.image_batch(images))
        names = self.model.encode_text(self.recogniser.input_ids, self.recogniser.attention_mask)
        with torch.autocast(patches.device.type, enabled=False):
            query = F.normalize(names.float() * self.model.neutral_sketch, dim=-1)
            logits = self._overall(patches) @ query.T * self._scale()
            return {"names": recognition(logits, probabilities)}

    def _overall(self, patches: Tensor) -> Tensor:
        """The pictures' vectors that no query shapes, of length 1: (B, P, D) -> (B, D)"""
        neutral = attend(self.model.neutral_sketch[None], patches, self.model.temperature)[0]
        return F.normalize(attended(neutral, patches), dim=-1)

    def _scale(self) -> Tensor:
        return self.model.logit_scale.exp().clamp(max=100.0)

    @staticmethod
    def _among_all(answers: Tensor, pictures: int) -> Tensor:
        """Answers among this process's pictures (Q, B) as answers among all processes' (Q, pictures)."""
        before = process_number() * answers.shape[1]
        return F.pad(answers, (before, pictures - before - answers.shape[1]))

    def detection_losses(
        self, batch: QueryBatch, patches: Tensor, sketch: Tensor, attention: Tensor
    ) -> dict[str, Tensor]:
        """L_OD: where the drawn thing is and how large.

        Args:
            patches: patch features H, (B, P, D).
            sketch: h_S of the queries, (Q, D).
            attention: of every query over every picture's patches, (Q, B, P).
        """
        same = (batch.category[:, None, None] == batch.pictures.object_category[None]).float()
        # how much of every patch is such an object
        shown = torch.einsum("qnk,nkp->qnp", same, batch.pictures.coverage)
        # it is on the picture, but no box says where: neither hit nor miss
        unplaced = torch.einsum("qnk,nk->qn", same, (~batch.pictures.placed).float()) > 0
        logits = torch.einsum("qd,npd->qnp", sketch, patches) / self.model.temperature
        scale, offset = self.heads.focus
        rows = torch.arange(len(sketch), device=sketch.device)
        own_attention, own_shown = attention[rows, batch.query_image], shown[rows, batch.query_image]
        picture, number, patch = (batch.pictures.coverage >= COVERED).nonzero(as_tuple=True)
        predicted = self.model.box_head(patches)[picture, patch]
        hit = own_shown.gather(1, own_attention.argmax(1, keepdim=True))[:, 0] >= COVERED
        return {
            "focus": focal(logits * scale + offset, shown >= COVERED, ~unplaced[..., None]),
            "attention": attention_to_object(own_attention, own_shown),
            "box": box_regression(predicted, batch.pictures.object_box[picture, number]),
            "pointing": hit[~unplaced[rows, batch.query_image]].float().mean(),
        }

    def object_losses(
        self, batch: QueryBatch, patches: Tensor, sketch: Tensor, attention: Tensor
    ) -> dict[str, Tensor]:
        """L_CLS, L_SR and our dense term: what is drawn and how it looks; as for `detection_losses`."""
        rows = torch.arange(len(sketch), device=sketch.device)
        own = batch.query_image
        localized = attended(attention[rows, own], patches[own])
        categories, heads = batch.category, self.heads
        by_sketch = heads.classify(sketch)
        patch_logits, labels = heads.classify(patches), batch.pictures.patch_labels
        objects = (labels >= 0) & (labels < patch_logits.shape[-1] - 1)
        ink = F.adaptive_avg_pool2d(batch.ink[:, None].float() / 255, heads.sketch_side)[:, 0]
        return {
            "classification": classification(by_sketch, categories)
            + classification(heads.classify(localized), categories),
            "reconstruction": reconstruction(heads.reconstruction(localized), ink),
            "dense": classification(patch_logits, labels, self.class_weight),
            "sketch_accuracy": (by_sketch.argmax(-1) == categories).float().mean(),
            "dense_accuracy": (patch_logits.argmax(-1) == labels)[objects].float().mean(),
        }
