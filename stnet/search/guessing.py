"""What a drawing is taken for: names that the checkpoint has learned, only where it is fairly sure."""

from dataclasses import dataclass

from torch import Tensor

from stnet.model.modeling import STNetModel

MOST_GUESSES = 3
SURE_ENOUGH, WORTH_A_NAME = 0.2, 0.05  # of the likeliest name, to say anything; of each name that is said


@dataclass(frozen=True)
class Guess:
    """A name, and how likely the drawing shows such a thing (0..1)."""

    name: str
    probability: float


def guesses_of(model: STNetModel, sketch: Tensor) -> tuple[Guess, ...]:
    """The names of one drawing's h_S (D,), likeliest first; none of a model that names no drawings."""
    if model.naming_head is None:
        return ()
    chances, numbers = model.name_sketch(sketch[None])[0].sort(descending=True)
    if chances[0] < SURE_ENOUGH:
        return ()
    return tuple(
        Guess(model.config.drawn_names[number], chance)
        for number, chance in zip(numbers[:MOST_GUESSES].tolist(), chances.tolist(), strict=False)
        if chance >= WORTH_A_NAME
    )
