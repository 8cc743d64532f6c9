"""Two stages whose second one is told what the named thing looks like, and never its name."""

from typing import Self

import torch
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.systems.descriptions import descriptions
from stnet.systems.interface import Options
from stnet.systems.two_stage import TwoStage


class TwoStageDescription(TwoStage):
    """A description of what the likeliest name means before the words, then text-image retrieval: "an animal
    with a striped coat that looks like a horse on the beach" (arXiv 2502.08438, its second baseline).

    Ours: the descriptions (stnet.systems.descriptions), one for each name and so the same for every drawing
    of a thing, since nobody described the drawings; a name without one is never taken.
    """

    @classmethod
    def build(cls, loaded: LoadedModel, options: Options) -> Self:
        """Raises ValueError if the checkpoint has no naming head, or none of its names is described."""
        system = super().build(loaded, options)
        if not system.described().any():
            raise ValueError(f"none of the names that the checkpoint {loaded.name} knows is described")
        return system

    def described(self) -> Tensor:
        """Which of the head's names have a description: (C,) bool"""
        known = descriptions()
        return torch.tensor([name in known for name in self.model.config.drawn_names])

    def names(self, sketches: Tensor) -> list[str]:
        """The likeliest name of each drawing that is described. h_S (q, D) -> q names"""
        likely = self.model.name_sketch(sketches)
        likely = likely.masked_fill(~self.described().to(likely.device), -1)
        return [self.model.config.drawn_names[number] for number in likely.argmax(-1).tolist()]

    def phrase(self, name: str) -> str:
        """Its description. Raises ValueError for a name without one."""
        known = descriptions()
        if name not in known:
            raise ValueError(f"{name!r} has no description; add one to stnet/systems/descriptions.json")
        return known[name]
