"""Facts on scenes laid out by hand: what is said, and what is too close to say."""

import numpy as np
import pytest

from stnet.data.objects import CutOut
from stnet.data.scenes.composing import Scene, SceneObject
from stnet.data.scenes.facts import Fact, facts, matches

Box = tuple[float, float, float, float]


def thing(category: str, box: Box, depth: int, **options) -> SceneObject:
    cut_out = CutOut(f"test/{category}-{box}", category, np.full((4, 4, 4), 255, np.uint8))
    settings = {"colour": None, "scale": None, "visible": 1.0, "full_box": box} | options
    return SceneObject(cut_out=cut_out, box=box, depth=depth, **settings)


def layout(*objects: SceneObject, place: str = "beach", light: str = "day") -> Scene:
    empty = np.zeros((8, 8, 3), np.uint8)
    return Scene(empty, empty[..., 0], place, light, objects)


def relations(scene: Scene, target: int) -> set[tuple[str, str]]:
    return {(fact.value, fact.other) for fact in facts(scene, target) if fact.kind == "relation"}


def values(scene: Scene, kind: str, target: int = 0) -> list[str]:
    return [fact.value for fact in facts(scene, target) if fact.kind == kind]


def test_left_and_right_need_a_margin() -> None:
    apart = layout(thing("owl", (0.1, 0.5, 0.3, 0.7), 0), thing("drum", (0.6, 0.5, 0.8, 0.7), 1))
    assert relations(apart, 0) == {("left", "drum")}
    assert relations(apart, 1) == {("right", "owl")}
    above = layout(thing("owl", (0.4, 0.1, 0.6, 0.3), 0), thing("drum", (0.45, 0.6, 0.65, 0.8), 1))
    assert relations(above, 0) == set()


def test_next_to_needs_a_small_gap_at_the_same_height() -> None:
    near = layout(thing("owl", (0.1, 0.5, 0.3, 0.7), 0), thing("drum", (0.33, 0.5, 0.53, 0.7), 1))
    assert ("next", "drum") in relations(near, 0) and ("next", "owl") in relations(near, 1)
    far = layout(thing("owl", (0.1, 0.5, 0.3, 0.7), 0), thing("drum", (0.4, 0.5, 0.6, 0.7), 1))
    assert ("next", "drum") not in relations(far, 0)
    higher = layout(thing("owl", (0.1, 0.1, 0.3, 0.3), 0), thing("drum", (0.33, 0.5, 0.53, 0.7), 1))
    assert ("next", "drum") not in relations(higher, 0)


def test_behind_and_in_front_need_a_hidden_part() -> None:
    front = thing("drum", (0.25, 0.4, 0.5, 0.8), 1)
    hidden = layout(thing("owl", (0.1, 0.4, 0.3, 0.8), 0, full_box=(0.1, 0.4, 0.4, 0.8), visible=0.7), front)
    assert ("behind", "drum") in relations(hidden, 0)
    assert ("front", "owl") in relations(hidden, 1)
    whole = layout(thing("owl", (0.1, 0.4, 0.4, 0.8), 0), front)  # the boxes overlap, nothing is hidden
    assert not {"behind", "front"} & {value for value, _ in relations(whole, 0) | relations(whole, 1)}


def test_on_top_only_when_composed_so() -> None:
    support = thing("drum", (0.3, 0.5, 0.6, 0.9), 0, visible=0.9)
    stacked = layout(support, thing("owl", (0.35, 0.2, 0.55, 0.55), 1, on_top_of=0))
    assert ("on", "drum") in relations(stacked, 1) and ("under", "owl") in relations(stacked, 0)
    assert not {"front", "behind"} & {value for value, _ in relations(stacked, 0) | relations(stacked, 1)}
    loose = layout(support, thing("owl", (0.35, 0.2, 0.55, 0.55), 1))
    assert not {"on", "under"} & {value for value, _ in relations(loose, 0) | relations(loose, 1)}


def test_no_relation_to_one_of_several_or_to_ones_own_kind() -> None:
    scene = layout(
        thing("owl", (0.1, 0.5, 0.2, 0.6), 0),
        thing("drum", (0.5, 0.5, 0.6, 0.6), 1),
        thing("drum", (0.8, 0.5, 0.9, 0.6), 2),
    )
    assert relations(scene, 0) == set()
    assert values(scene, "near") == ["drum"]
    assert relations(scene, 1) == {("right", "owl")} and values(scene, "near", 1) == ["owl"]
    assert values(scene, "count", 1) == ["2"] and values(scene, "count", 0) == []


def test_sizes_are_compared_with_a_margin() -> None:
    scene = layout(thing("owl", (0.1, 0.4, 0.5, 0.9), 0), thing("drum", (0.7, 0.6, 0.9, 0.8), 1))
    assert ("bigger", "drum") in relations(scene, 0) and ("smaller", "owl") in relations(scene, 1)
    assert values(scene, "rank", 0) == ["largest"] and values(scene, "rank", 1) == ["smallest"]
    alike = layout(thing("owl", (0.1, 0.4, 0.4, 0.7), 0), thing("drum", (0.6, 0.4, 0.88, 0.7), 1))
    assert values(alike, "rank") == [] and relations(alike, 0) == {("left", "drum")}


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((0.0, 0.7, 0.2, 0.9), ["left", "lower left", "bottom"]),
        ((0.8, 0.1, 1.0, 0.3), ["right", "upper right", "top"]),
        ((0.4, 0.5, 0.6, 0.6), ["middle"]),
        ((0.3, 0.5, 0.5, 0.7), []),  # neither left nor in the middle
    ],
)
def test_positions(box: Box, expected: list[str]) -> None:
    assert values(layout(thing("owl", box, 0)), "position") == expected


def test_place_light_size_crowd_and_colours_that_night_does_not_change() -> None:
    blue = thing("owl", (0.4, 0.5, 0.6, 0.6), 0, colour="blue", scale="small")
    by_day = facts(layout(blue), 0)
    assert {Fact("place", "beach"), Fact("light", "day"), Fact("size", "small"), Fact("crowd", "1")} <= set(
        by_day
    )
    assert Fact("colour", "blue") in by_day
    assert Fact("colour", "blue") not in facts(layout(blue, light="night"), 0)
    red = thing("owl", (0.4, 0.5, 0.6, 0.6), 0, colour="red")
    assert matches(Fact("colour", "red"), layout(red, light="night"), 0)


def test_an_object_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="1 objects, there is no object 2"):
        facts(layout(thing("owl", (0.4, 0.5, 0.6, 0.6), 0)), 2)
