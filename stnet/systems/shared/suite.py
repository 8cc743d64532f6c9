"""A suite through the pool's frozen networks, once, and then through what any run has learned on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.encoding import EncodedSuite, prepare_sketch
from stnet.evaluation.suites.base import Suite
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.patch_grid import PatchGrid
from stnet.systems.concat.system import BackboneEncoder
from stnet.systems.interface import Encoder
from stnet.systems.measuring import Seen, see_through
from stnet.systems.shared.pool import SharedPool
from stnet.systems.towers import TEXTS, PatchEncoder
from stnet.systems.zse.system import MapsAndPixels

PICTURES = 64  # through what learns at a time


@dataclass(frozen=True)
class MapsEncoder(Encoder):
    """The frozen networks alone: a picture's maps at strides 16 and 32, one after the other in one row."""

    model: STNetModel

    def pictures(self, values: Tensor) -> Tensor:
        tower = self.model.image_tower
        assert isinstance(tower, PatchGrid)  # what a shared pool is made with
        return torch.cat([part.flatten(1) for part in tower.feature_maps(values)], dim=1)

    def sketches(self, values: Tensor) -> Tensor:
        vectors: Tensor = self.model.sketch_tower(values)
        return vectors


@dataclass(frozen=True)
class FrozenSuite:
    """What does not learn.

    Attributes:
        asked: the suite's queries.
        seen: maps of the N pictures in one row each, and the tower's vectors of the Q drawings.
        texts: the text tower's vector of each text.
        map_shapes: (channels, rows, columns) at strides 16 and 32.
        processor: what prepared the drawings.
    """

    asked: AskedSuite
    seen: Seen
    texts: Mapping[str, Tensor]
    map_shapes: tuple[tuple[int, ...], tuple[int, ...]]
    processor: STNetProcessor

    @torch.inference_mode()
    def encoded(self, model: STNetModel) -> EncodedSuite:
        """The suite as a model on top sees it. Raises ValueError if the suite lacks drawings or words."""
        drawn = self.seen_by(PatchEncoder(model))
        if drawn.sketches is None or not self.asked.worded:
            raise ValueError(f"{self.asked.name} asks by drawings or words alone: both are needed")
        said = torch.stack([self.texts[query.text] for query in self.asked.queries if query.text is not None])
        return EncodedSuite(
            self.asked.name,
            self.asked.complete,
            self.asked.objects,
            self.asked.queries,
            patches=drawn.stored,
            sketches=drawn.sketches,
            texts=model.text_projection(said),
            names=model.neutral_text.expand_as(drawn.sketches),
            named_texts=model.text_projection(said),
        )

    @torch.inference_mode()
    def seen_by(self, encoder: Encoder) -> Seen:
        """What a system's encoder makes of the suite, if it looks through the same frozen networks.

        Raises:
            ValueError: if it looks through others.
        """
        parts, drawn = self.seen.stored.split(PICTURES), self.seen.sketches
        if isinstance(encoder, PatchEncoder):
            model = encoder.model
            patches = torch.cat([self._patches(model, part) for part in parts])
            return Seen(patches, None if drawn is None else model.sketch_projection(drawn))
        if isinstance(encoder, BackboneEncoder):
            return Seen(torch.cat([self._maps(part)[1].mean((2, 3)) for part in parts]), drawn)
        if isinstance(encoder, MapsAndPixels):
            if drawn is None:
                return Seen(self.seen.stored, None)
            inks = [query.sketch for query in self.asked.queries if query.sketch is not None]
            pixels = [torch.from_numpy(prepare_sketch(self.processor, ink)).flatten() for ink in inks]
            return Seen(self.seen.stored, torch.cat([torch.stack(pixels), drawn], dim=1))
        raise ValueError(f"{type(encoder).__name__} does not look through the shared pool's networks")

    def _maps(self, stored: Tensor) -> list[Tensor]:
        sizes = [torch.Size(shape).numel() for shape in self.map_shapes]
        parts = zip(stored.split(sizes, dim=1), self.map_shapes, strict=True)
        return [part.unflatten(1, shape) for part, shape in parts]

    def _patches(self, model: STNetModel, stored: Tensor) -> Tensor:
        tower = model.image_tower
        assert isinstance(tower, PatchGrid)
        fine, coarse = self._maps(stored)
        patches: Tensor = model.image_projection(tower.post_layernorm(tower.patch_tokens(fine, coarse)))
        return patches


@torch.inference_mode()
def freeze_suite(pool: SharedPool, suite: Suite, *, workers: int = 0) -> FrozenSuite:
    """Make the suite and see it through the pool's networks.

    Args:
        workers: processes that make and prepare the pictures (0: this one does).
    """
    encoder = MapsEncoder(pool.model)
    asked, seen = see_through([encoder], pool.processor, suite, workers=workers)
    texts = sorted({query.text for query in asked.queries if query.text is not None})
    shapes = (tuple(pool.features.fine.shape[1:]), tuple(pool.features.coarse.shape[1:]))
    return FrozenSuite(asked, seen[encoder], _vectors(pool, texts), shapes, pool.processor)


def _vectors(pool: SharedPool, texts: Sequence[str]) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for start in range(0, len(texts), TEXTS):
        some = texts[start : start + TEXTS]
        ids, mask = pool.processor.text_batch(some)
        found |= zip(some, pool.model.text_tower(input_ids=ids, attention_mask=mask), strict=True)
    return found
