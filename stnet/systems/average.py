"""The plain average of both embeddings against one vector a picture, as TASK-former combines them."""

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from stnet.systems.interface import Modality, Queries
from stnet.systems.towers import TowerSystem, overall_index, unit


class Average(TowerSystem):
    """(e_S + e_T) / 2, e_S and e_T being what each half alone asks STNET for, at length one.

    Nothing attends: the drawing has no say in how a picture is read. Half a query is that half alone.
    """

    asks: ClassVar[tuple[Modality, ...]] = ("sketch+text", "sketch", "text")
    parts: ClassVar[tuple[str, ...]] = (
        *("image_tower", "sketch_tower", "text_tower"),
        *("image_projection", "sketch_projection", "text_projection"),
        *("neutral_sketch", "neutral_text", "log_temperature"),
    )

    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        """Raises ValueError if both halves are missing."""
        halves = []
        if sketches is not None:
            halves.append(unit(sketches * self.model.neutral_text))
        if texts is not None:
            halves.append(unit(self.words(texts) * self.model.neutral_sketch))
        if not halves:
            raise ValueError("a query needs a sketch, words, or both; got neither")
        return {"query": torch.stack(halves).mean(0)}

    def index(self, stored: Tensor) -> Tensor:
        return overall_index(self.model, stored)

    def scores(self, queries: Queries, index: Tensor) -> Tensor:
        return unit(queries["query"]) @ index.T
