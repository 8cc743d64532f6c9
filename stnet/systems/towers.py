"""What systems over STNET's own towers share: stored patch features, and two ways to score them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from stnet.checkpoint import LoadedModel
from stnet.gallery.vectors import overall_vectors
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.scoring import attend
from stnet.systems.interface import Encoder, Options, System, refuse_unknown

PICTURES = 256  # scored at a time: their attention stays within a core's cache
TEXTS = 64  # encoded at a time


@dataclass(frozen=True)
class PatchEncoder(Encoder):
    """STNET's towers: patch features H (B, P, D) of pictures, h_S (B, D) of drawings."""

    model: STNetModel

    def pictures(self, values: Tensor) -> Tensor:
        return self.model.encode_image(values.to(self.model.device)).float()

    def sketches(self, values: Tensor) -> Tensor:
        return self.model.encode_sketch(values.to(self.model.device)).float()


class TowerSystem(System):
    """A system over STNET's towers.

    Attributes:
        parts: the modules and parameters of STNetModel that a search with it needs.
    """

    parts: ClassVar[tuple[str, ...]]
    searches_galleries: ClassVar[bool] = True

    def __init__(self, model: STNetModel, processor: STNetProcessor) -> None:
        self.model, self.processor = model, processor
        self.encoder = PatchEncoder(model)
        self.parameters = sum(
            value.numel()
            for name, value in model.named_parameters()
            if name.startswith(tuple(f"{part}." for part in self.parts)) or name in self.parts
        )

    @classmethod
    def build(cls, loaded: LoadedModel, options: Options) -> Self:
        refuse_unknown(options, ())
        return cls(loaded.model, loaded.processor)

    def words(self, texts: Sequence[str]) -> Tensor:
        """h_T of q texts, float32 (q, D)"""
        return encode_words(self.model, self.processor, texts)


def encode_words(model: STNetModel, processor: STNetProcessor, texts: Sequence[str]) -> Tensor:
    """h_T of q texts, float32 (q, D)"""
    encoded = []
    for start in range(0, len(texts), TEXTS):
        ids, mask = processor.text_batch(texts[start : start + TEXTS])
        encoded.append(model.encode_text(ids.to(model.device), mask.to(model.device)).float())
    return torch.cat(encoded)


def overall_index(model: STNetModel, stored: Tensor) -> Tensor:
    """One vector a picture, as the neutral sketch sees it: H (N, P, D) -> (N, D), each of length one"""
    return torch.cat([overall_vectors(model, part) for part in stored.split(PICTURES)])


def localized_scores(sketch: Tensor, query: Tensor, patches: Tensor, temperature: Tensor) -> Tensor:
    """cos(Q, V), V being the pictures as each drawing sees them (stnet.model.scoring).

    sketch h_S (q, D), query Q (q, D), patches H (N, P, D) -> (q, N)
    """
    wanted, found = unit(query), []
    for pictures in patches.split(PICTURES):
        attention = attend(sketch, pictures, temperature).transpose(0, 1)
        localized = unit(attention @ pictures)  # V, (n, q, D)
        found.append((localized * wanted).sum(-1))
    return torch.cat(found).T


def unit(vectors: Tensor) -> Tensor:
    """The same directions at length one; zeros stay zeros."""
    return F.normalize(vectors, dim=-1, eps=1e-12)


def count_parameters(module: nn.Module) -> int:
    """How many numbers a module learned."""
    return sum(value.numel() for value in module.parameters())
