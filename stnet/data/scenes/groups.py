"""Groups of four scenes that only a drawing and words together tell apart, and texts that do so.

Two objects at two places: each scene has a partner with the same object elsewhere (the drawing fits both) and
one with another object at the same place (the words fit both). Now and then both places are the same: then
only what stands where and beside what is left to say. The four draw their other objects from a few, so that
the same neighbours recur in other relations.
"""

from collections.abc import Sequence

import numpy as np

from stnet.data.objects import ObjectBank
from stnet.data.scenes.backdrops import Backdrops
from stnet.data.scenes.composing import MOST_OBJECTS, Scene, compose, suits
from stnet.data.scenes.facts import Fact, facts
from stnet.data.scenes.places import LIGHTS, PLACES
from stnet.data.words.wording import describe_with_facts

GROUP = 4
FEWEST_CATEGORIES = 2 + MOST_OBJECTS
_ONE_PLACE_CHANCE = 0.35
_NEIGHBOURS = 8
_TEXTS_TRIED = 6


def compose_group(
    bank: ObjectBank,
    rng: np.random.Generator,
    *,
    size: int,
    categories: Sequence[str],
    backdrops: Backdrops | None = None,
) -> list[Scene]:
    """GROUP scenes of objects A and B at places 1 and 2: A1, A2, B1, B2; A or B is objects[0] there.

    Raises ValueError if there are fewer than FEWEST_CATEGORIES.
    """
    order = [categories[index] for index in rng.permutation(len(categories))]
    if len(order) < FEWEST_CATEGORIES:
        raise ValueError(f"a group needs {FEWEST_CATEGORIES} or more categories, got {len(order)}")
    pair, others = order[:2], order[2 : 2 + _NEIGHBOURS]
    cast = [*pair, *others]
    places = [place for place in PLACES if all(suits(name, place) for name in cast)]
    chosen = [places[index] for index in rng.choice(len(places), 2, replace=False)]
    lights = [LIGHTS[index] for index in rng.integers(len(LIGHTS), size=2)]
    if rng.random() < _ONE_PLACE_CHANCE:
        chosen[1], lights[1] = chosen[0], lights[0]
    return [
        compose(
            bank,
            rng,
            size=size,
            categories=others,
            targets=[name],
            place=place,
            light=light,
            backdrops=backdrops,
        )
        for name in pair
        for place, light in zip(chosen, lights, strict=True)
    ]


def describe_apart(
    scene: Scene, target: int, rivals: Sequence[Scene], rng: np.random.Generator
) -> tuple[str, tuple[Fact, ...]]:
    """A text about scene.objects[target] that is true of no such object in the rivals, and what it states.

    Where chance finds none in a few tries, the last text is taken all the same.
    """
    category = scene.objects[target].category
    others = [
        frozenset(facts(rival, number))
        for rival in rivals
        for number, thing in enumerate(rival.objects)
        if thing.category == category
    ]
    for _ in range(_TEXTS_TRIED):
        text, stated = describe_with_facts(scene, target, rng)
        if not any(known.issuperset(stated) for known in others):
            break
    return text, stated
