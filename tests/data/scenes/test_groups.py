"""Groups of hard negatives: partners share the object or the place, and texts tell the same objects apart."""

import numpy as np
import pytest

from stnet.data.objects import CutOut, ObjectBank, shapes_bank
from stnet.data.scenes.composing import Scene, suits
from stnet.data.scenes.facts import facts
from stnet.data.scenes.groups import FEWEST_CATEGORIES, GROUP, compose_group, describe_apart
from stnet.data.words.wording import describe_with_facts

BANK = shapes_bank()


@pytest.fixture(scope="module")
def groups() -> list[list[Scene]]:
    return [
        compose_group(BANK, np.random.default_rng(seed), size=128, categories=BANK.categories)
        for seed in range(20)
    ]


def true_of_a_rival(stated, category: str, rivals: list[Scene]) -> bool:
    return any(
        set(stated) <= set(facts(rival, number))
        for rival in rivals
        for number, thing in enumerate(rival.objects)
        if thing.category == category
    )


def test_two_objects_at_two_places(groups: list[list[Scene]]) -> None:
    same_place = 0
    for group in groups:
        assert len(group) == GROUP
        names = [scene.objects[0].category for scene in group]
        where = [(scene.place, scene.light) for scene in group]
        assert names[0] == names[1] != names[2] == names[3]
        assert where[0] == where[2] and where[1] == where[3]
        same_place += where[0] == where[1]
        assert where[0] == where[1] or where[0][0] != where[1][0]
        assert len({scene.image.tobytes() for scene in group}) == GROUP
    assert 2 <= same_place <= 12


def test_neighbours_recur_in_a_group(groups: list[list[Scene]]) -> None:
    shared = 0
    for group in groups:
        neighbours = [{thing.category for thing in scene.objects[1:]} for scene in group]
        shared += bool(neighbours[0] & neighbours[1])
        assert len(set().union(*neighbours)) <= 8 + 2
    assert shared >= 5


def test_a_text_is_not_true_of_the_same_object_elsewhere(groups: list[list[Scene]]) -> None:
    rng = np.random.default_rng(0)
    ambiguous, at_random, asked = 0, 0, 0
    for group in groups:
        for number, scene in enumerate(group):
            rivals = group[:number] + group[number + 1 :]
            for target in range(len(scene.objects)):
                category = scene.objects[target].category
                text, stated = describe_apart(scene, target, rivals, rng)
                assert text and set(stated) <= set(facts(scene, target))
                ambiguous += true_of_a_rival(stated, category, rivals)
                _, chosen = describe_with_facts(scene, target, rng)
                at_random += true_of_a_rival(chosen, category, rivals)
                asked += 1
    assert ambiguous <= 0.01 * asked < at_random


def test_no_place_shows_a_thing_of_the_group_itself() -> None:
    assert not suits("palm tree", "beach") and suits("palm tree", "kitchen") and suits("drum", "beach")
    names = ("palm tree", "sailboat", "tree", "christmas tree", "flower", "drum", "owl")
    pixels = [next(iter(BANK.cut_outs(name, held_out=False))).pixels for name in BANK.categories]
    bank = ObjectBank([CutOut(name, name, made) for name, made in zip(names, pixels, strict=False)])
    for seed in range(12):
        group = compose_group(bank, np.random.default_rng(seed), size=32, categories=names)
        assert all(suits(thing.category, scene.place) for scene in group for thing in scene.objects)


def test_the_same_generator_gives_the_same_group(groups: list[list[Scene]]) -> None:
    again = compose_group(BANK, np.random.default_rng(3), size=128, categories=BANK.categories)
    assert all(
        np.array_equal(a.image, b.image) and a.objects == b.objects
        for a, b in zip(groups[3], again, strict=True)
    )


def test_a_group_needs_categories() -> None:
    few = BANK.categories[: FEWEST_CATEGORIES - 1]
    with pytest.raises(ValueError, match="a group needs 7 or more categories, got 6"):
        compose_group(BANK, np.random.default_rng(0), size=32, categories=few)
