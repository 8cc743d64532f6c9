"""What the sources of batches hand to the stages: tensors with names and shapes, one class a stage.

B pictures of S x S pixels and P patches, K objects a picture (MOST_OBJECTS, the last ones padding), Q
queries; s is the side of a sketch in pixels, L the length of a text in tokens.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Self, TypeVar

import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Tensors that belong together, and move together."""

    def to(self, device: torch.device, non_blocking: bool = True) -> Self:
        """On that device; a copy from pinned memory to a GPU goes on while the GPU computes."""
        return self._each(lambda part: part.to(device, non_blocking=non_blocking))

    def pin_memory(self) -> Self:
        """In memory that a GPU reads directly; the DataLoader asks for it by this name."""
        return self._each(lambda part: part.pin_memory())

    def _each(self, change: Callable[[Any], Any]) -> Self:
        parts = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return replace(self, **{name: None if part is None else change(part) for name, part in parts.items()})


AnyBatch = TypeVar("AnyBatch", bound=Batch)


@dataclass(frozen=True)
class SketchBatch(Batch):
    """For the sketch stage: B drawings.

    Attributes:
        ink: (B, s, s) uint8, ink high.
        category: class ids, (B,) int64.
    """

    ink: Tensor
    category: Tensor


@dataclass(frozen=True)
class PictureBatch(Batch):
    """For the image stage: B pictures, and what is where on them.

    Attributes:
        images: (B, S, S, 3) uint8.
        patch_labels: class of every patch, (B, P) int64, -1 where nobody knows.
        coverage: share of each patch that each object covers, (B, K, P) in 0..1; 0 for padding.
        object_category: class ids, (B, K) int64; -1 for padding and for classes that aren't trained.
        object_box: x0, y0, x1, y1 in 0..1, (B, K, 4); empty where nobody knows where the object is.
        placed: (B, K) bool, False for an object that is somewhere on the picture (its box is empty).
        rows: (B,) int64, the pictures' maps in the stage's feature pool; None where they come as pixels.
    """

    images: Tensor
    patch_labels: Tensor
    coverage: Tensor
    object_category: Tensor
    object_box: Tensor
    placed: Tensor
    rows: Tensor | None = None


@dataclass(frozen=True)
class CaptionBatch(Batch):
    """Words alone about whole pictures: W captions and names.

    Attributes:
        input_ids: the words in tokens, (W, L) int64.
        attention_mask: 1 for a token, 0 for padding, (W, L) int64.
        answers: (W, B) bool, the pictures that each is true of.
    """

    input_ids: Tensor
    attention_mask: Tensor
    answers: Tensor


@dataclass(frozen=True)
class QueryBatch(Batch):
    """For the joint stage: B pictures, and Q queries that ask for objects on them.

    Attributes:
        pictures: what can be found.
        query_image: which of the B pictures each query asks for, (Q,) int64.
        query_object: which of its K objects, (Q,) int64.
        ink: the queries' drawings, (Q, s, s) uint8, ink high.
        input_ids: their words in tokens, (Q, L) int64.
        attention_mask: 1 for a token, 0 for padding, (Q, L) int64.
        has_text: (Q,) bool, False for a query that is a drawing alone.
        answers: (Q, B) bool, pictures with such an object of which all that the words state is true.
        described: (Q, B) bool, pictures with any object of which it is.
        captions: words alone about whole pictures, beside the queries; None for none.
        sketch_rows: (Q,) int64, the drawings' features in the stage's feature pool; None if they come as ink.
        text_rows: (Q,) int64, the words' features in that pool; None if they come as tokens alone.
    """

    pictures: PictureBatch
    query_image: Tensor
    query_object: Tensor
    ink: Tensor
    input_ids: Tensor
    attention_mask: Tensor
    has_text: Tensor
    answers: Tensor
    described: Tensor
    captions: CaptionBatch | None = None
    sketch_rows: Tensor | None = None
    text_rows: Tensor | None = None

    @property
    def category(self) -> Tensor:
        """Class id of what each query asks for: (Q,)"""
        return self.pictures.object_category[self.query_image, self.query_object]


@dataclass(frozen=True)
class MatchBatch(Batch):
    """For the match stage: Q drawings, and B pictures as they were kept.

    Attributes:
        ink: (Q, s, s) uint8, ink high.
        name: number of the name that a person drew it under, (Q,) int64, -1 for other drawings.
        picture: which of the B pictures each was drawn for, (Q,) int64.
        thing: number of what is drawn, (Q,) int64.
        words: h_T of words about it, (Q, D), 0 where there are none.
        patches: H of the pictures, (B, P, D).
        things: numbers of what is on the pictures, (B, K) int64, -1 for padding.
        coverage: share of each patch that each thing covers, (B, K, P) in 0..1.
    """

    ink: Tensor
    name: Tensor
    picture: Tensor
    thing: Tensor
    words: Tensor
    patches: Tensor
    things: Tensor
    coverage: Tensor
