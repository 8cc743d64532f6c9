"""Two stages: a classifier names the drawing, the name completes the words, words find the picture."""

from collections.abc import Sequence
from typing import ClassVar, Self

from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.systems.interface import Modality, Options, Queries
from stnet.systems.towers import TowerSystem, overall_index, unit


class TwoStage(TowerSystem):
    """The naming head's likeliest name before the words, "a zebra on the beach", then text-image retrieval.

    A drawing alone is its name alone. What the head doesn't know it takes for something else.
    """

    asks: ClassVar[tuple[Modality, ...]] = ("sketch+text", "sketch")
    parts: ClassVar[tuple[str, ...]] = (
        *("image_tower", "sketch_tower", "text_tower"),
        *("image_projection", "sketch_projection", "text_projection"),
        *("naming_head", "neutral_sketch", "log_temperature"),
    )

    @classmethod
    def build(cls, loaded: LoadedModel, options: Options) -> Self:
        """Raises ValueError if the checkpoint has no naming head."""
        if loaded.model.naming_head is None:
            raise ValueError(
                f"the checkpoint {loaded.name} can't name drawings (it has no drawn_names), which "
                "two-stage begins with"
            )
        return super().build(loaded, options)

    def names(self, sketches: Tensor) -> list[str]:
        """What each drawing is taken for. h_S (q, D) -> q names"""
        likeliest = self.model.name_sketch(sketches).argmax(-1)
        return [self.model.config.drawn_names[number] for number in likeliest.tolist()]

    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        """Raises ValueError without drawings."""
        if sketches is None:
            raise ValueError("this system asks by drawings; got none")
        return self.queries_named(self.names(sketches), texts)

    def queries_named(self, names: Sequence[str], texts: Sequence[str] | None) -> Queries:
        """The second stage alone, for who knows what is drawn: an oracle, which no table of ours holds.

        Raises ValueError if there are not as many texts as names.
        """
        said = [""] * len(names) if texts is None else texts
        whole = [f"{self.phrase(name)} {text}".strip() for name, text in zip(names, said, strict=True)]
        return {"query": self.model.neutral_sketch * self.words(whole)}

    def phrase(self, name: str) -> str:
        """What stands before the words for a drawing that got this name."""
        return f"a {name}"

    def index(self, stored: Tensor) -> Tensor:
        return overall_index(self.model, stored)

    def scores(self, queries: Queries, index: Tensor) -> Tensor:
        return unit(queries["query"]) @ index.T
