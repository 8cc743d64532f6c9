"""A drawing of any thing that training meets: by a person, a pictogram's lines, or traced from a cut-out."""

from collections.abc import Mapping

import numpy as np

from stnet.data.categories import CategorySplit
from stnet.data.drawings.drawings import Drawings, vary_drawing
from stnet.data.drawings.tracing import trace
from stnet.data.objects import ObjectBank
from stnet.data.words.photo_names import drawn_as
from stnet.strokes import Strokes
from stnet.training.batches.kept_pictures import KeptObject

HUMAN = 0.6  # of the drawings of what people have drawn and what can be traced, too
LINES = 0.5  # of the others, where a pictogram has lines


class ThingSketches:
    """Draws the things of a bank and of photos.

    `names`: the drawing categories that may be used. `lines`: line drawings by category, each (128, 128)
    uint8. `careless`: chance of a turn, and of a missing end (see vary_drawing).
    """

    def __init__(
        self,
        bank: ObjectBank,
        drawings: Drawings,
        names: list[str],
        split: CategorySplit,
        lines: Mapping[str, list[np.ndarray]],
        careless: float,
    ) -> None:
        self.drawings, self.names, self.split = drawings, frozenset(names), split
        self.lines, self.careless = lines, careless
        self.cut_outs = {cut_out.name: cut_out for cut_out in bank}
        self._traces: dict[str, Strokes] = {}

    def can_draw(self, thing: KeptObject) -> bool:
        """Whether there is any drawing of it."""
        return thing.cut_out is not None or bool(self._drawn_as(thing.name))

    def draw(self, thing: KeptObject, rng: np.random.Generator) -> tuple[np.ndarray, str | None]:
        """(128, 128) uint8, ink high; and the drawing category of a person's drawing."""
        names = self._drawn_as(thing.name)
        if names and (thing.cut_out is None or rng.random() < HUMAN):
            name = names[int(rng.integers(len(names)))]
            return self.drawings.sample_named(name, rng, held_out=False, careless=self.careless), name
        lines = self.lines.get(thing.name)
        if lines and rng.random() < LINES:
            return vary_drawing(lines[int(rng.integers(len(lines)))], rng, careless=self.careless), None
        assert thing.cut_out is not None  # of anything else the caller doesn't ask
        return vary_drawing(self._trace(thing.cut_out), rng, careless=self.careless), None

    def _drawn_as(self, name: str) -> list[str]:
        known = self.split.drawings.get(name) or [drawn_as(name)]
        return [drawn for drawn in known if drawn in self.names]

    def _trace(self, name: str) -> Strokes:
        if name not in self._traces:
            self._traces[name] = trace(self.cut_outs[name])
        return self._traces[name]
