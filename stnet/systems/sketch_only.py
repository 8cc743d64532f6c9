"""A drawing alone: STNET's sketch and image towers, the words left out."""

from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor

from stnet.systems.interface import Modality, Queries
from stnet.systems.towers import TowerSystem, localized_scores


class SketchOnly(TowerSystem):
    """Q = h_S * neutral text against the pictures as the drawing sees them."""

    asks: ClassVar[tuple[Modality, ...]] = ("sketch",)
    parts: ClassVar[tuple[str, ...]] = (
        *("image_tower", "sketch_tower", "image_projection", "sketch_projection"),
        *("neutral_text", "log_temperature"),
    )

    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        """Raises ValueError without drawings."""
        if sketches is None:
            raise ValueError("this system asks by drawings; got none")
        return {"sketch": sketches, "query": sketches * self.model.neutral_text}

    def scores(self, queries: Queries, index: Tensor) -> Tensor:
        return localized_scores(queries["sketch"], queries["query"], index, self.model.temperature)
