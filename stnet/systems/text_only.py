"""Words alone: STNET's text and image towers, the drawing left out."""

from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor

from stnet.systems.interface import Modality, Queries
from stnet.systems.towers import TowerSystem, overall_index, unit


class TextOnly(TowerSystem):
    """Q = h_T * neutral sketch against one vector a picture."""

    asks: ClassVar[tuple[Modality, ...]] = ("text",)
    parts: ClassVar[tuple[str, ...]] = (
        *("image_tower", "text_tower", "image_projection", "text_projection"),
        *("neutral_sketch", "log_temperature"),
    )

    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        """Raises ValueError without words."""
        if texts is None:
            raise ValueError("this system asks by words; got none")
        return {"query": self.model.neutral_sketch * self.words(texts)}

    def index(self, stored: Tensor) -> Tensor:
        return overall_index(self.model, stored)

    def scores(self, queries: Queries, index: Tensor) -> Tensor:
        return unit(queries["query"]) @ index.T
