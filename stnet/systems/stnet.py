"""STNET itself (arXiv 2502.08438) under the interface of the others."""

from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor

from stnet.model.named import say_names
from stnet.systems.interface import Modality, Queries
from stnet.systems.towers import TowerSystem, localized_scores


class STNetSystem(TowerSystem):
    """The drawing attends to the pictures' patches, the product of both halves scores what it attends to."""

    asks: ClassVar[tuple[Modality, ...]] = ("sketch+text", "sketch", "text")
    parts: ClassVar[tuple[str, ...]] = (
        *("image_tower", "sketch_tower", "text_tower"),
        *("image_projection", "sketch_projection", "text_projection"),
        *("neutral_sketch", "neutral_text", "log_temperature"),
    )

    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        """h_S and Q as STNetModel.encode_query makes them. Raises ValueError if both halves are missing."""
        if sketches is None and texts is None:
            raise ValueError("a query needs a sketch, words, or both; got neither")
        text = self.model.neutral_text if texts is None else self.words(texts)
        sketch: Tensor = self.model.neutral_sketch
        if sketches is not None:
            sketch = sketches if texts is None else self.model.beside_words(sketches)
            said = [""] * len(sketches) if texts is None else texts
            text = say_names(self.model, sketches, said, text.expand_as(sketches), self.words)
        query = text * sketch
        return {"sketch": sketch.expand_as(query), "query": query}

    def scores(self, queries: Queries, index: Tensor) -> Tensor:
        return localized_scores(queries["sketch"], queries["query"], index, self.model.temperature)
