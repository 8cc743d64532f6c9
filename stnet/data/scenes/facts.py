"""What is true of one object of a scene: the facts that texts state and that a perfect eye could check."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stnet.boxes import Box
from stnet.data.scenes.composing import Scene, SceneObject

# Margins in parts of the picture: what is closer than these to the border between two words is not said.
_SIDE_MARGIN = 0.12
_NEXT_GAP = 0.06
_OVERLAP = 0.1
_BIGGER = 1.5
_EXTREME = 1.3
_HIDDEN = 0.97
_SURE_AT_NIGHT = frozenset({"red", "orange", "yellow", "green", "purple", "pink", "white"})

RELATIONS: tuple[str, ...] = ("left", "right", "next", "behind", "front", "on", "under", "bigger", "smaller")


@dataclass(frozen=True)
class Fact:
    """One statement about an object.

    kind: "place", "light", "position", "size", "colour", "count", "crowd", "rank", "near", or "relation";
    value: the word for it, such as "beach", "night", "lower left", "small", "red", "2", "largest", or for a
    relation one of RELATIONS; other: the category of the other object of a "relation" or "near", else "".
    """

    kind: str
    value: str
    other: str = ""


class Boxed(Protocol):
    """Something in a picture: the box of what is seen of it, and of all of it, in 0..1."""

    @property
    def box(self) -> Box: ...

    @property
    def full_box(self) -> Box: ...


def facts(scene: Scene, target: int) -> list[Fact]:
    """Everything that may be said of scene.objects[target], in a fixed order.

    Relations are stated only to objects of another category that is there once, so that "the drum" is clear.
    Raises ValueError when the scene has no such object.
    """
    if not 0 <= target < len(scene.objects):
        raise ValueError(f"the scene has {len(scene.objects)} objects, there is no object {target}")
    this = scene.objects[target]
    others = [thing for index, thing in enumerate(scene.objects) if index != target]
    found = [Fact("place", scene.place), Fact("light", scene.light)]
    found += [Fact("position", value) for value in positions(this)]
    if this.scale is not None:
        found.append(Fact("size", this.scale))
    if this.colour is not None and (scene.light != "night" or this.colour in _SURE_AT_NIGHT):
        found.append(Fact("colour", this.colour))
    twins = sum(thing.category == this.category for thing in scene.objects)
    if twins > 1:
        found.append(Fact("count", str(twins)))
    found.append(Fact("crowd", str(len(scene.objects))))
    found += [Fact("rank", value) for value in _ranks(this, others)]
    found += [
        Fact("near", thing.category, thing.category) for thing in others if thing.category != this.category
    ]
    return list(dict.fromkeys(found + _relations(scene, target)))


def matches(fact: Fact, scene: Scene, target: int) -> bool:
    """Whether `fact` is true of scene.objects[target]."""
    return fact in facts(scene, target)


def _middle(thing: Boxed) -> tuple[float, float]:
    x0, y0, x1, y1 = thing.box
    return (x0 + x1) / 2, (y0 + y1) / 2


def longest(thing: Boxed) -> float:
    """The longer side of all of it, in parts of the picture."""
    x0, y0, x1, y1 = thing.full_box
    return max(x1 - x0, y1 - y0)


def positions(thing: Boxed) -> list[str]:
    """The words for where it is in the picture, none where no word is sure."""
    x, y = _middle(thing)
    across = "left" if x < 0.36 else "right" if x > 0.64 else ""
    down = "upper" if y < 0.4 else "lower" if y > 0.7 else ""
    found = [across] if across else []
    if across and down:
        found.append(f"{down} {across}")
    if 0.42 < x < 0.58:
        found.append("middle")
    if y > 0.76:
        found.append("bottom")
    if y < 0.36:
        found.append("top")
    return found


def _ranks(this: Boxed, others: Sequence[Boxed]) -> list[str]:
    lengths = [longest(thing) for thing in others]
    if not lengths:
        return []
    if longest(this) > _EXTREME * max(lengths):
        return ["largest"]
    return ["smallest"] if longest(this) * _EXTREME < min(lengths) else []


def _relations(scene: Scene, target: int) -> list[Fact]:
    this = scene.objects[target]
    categories = [thing.category for thing in scene.objects]
    found = []
    for index, thing in enumerate(scene.objects):
        if thing.category == this.category or categories.count(thing.category) > 1:
            continue
        values = beside(this, thing)
        if this.on_top_of == index:
            values.append("on")
        elif thing.on_top_of == target:
            values.append("under")
        else:
            values += _layered(this, thing)
        values += compared(this, thing)
        found += [Fact("relation", value, thing.category) for value in values]
    return found


def beside(this: Boxed, thing: Boxed) -> list[str]:
    """Which of "left", "right" and "next" holds."""
    step = _middle(this)[0] - _middle(thing)[0]
    values = ["left"] if step < -_SIDE_MARGIN else ["right"] if step > _SIDE_MARGIN else []
    a, b = this.full_box, thing.full_box
    gap = max(a[0], b[0]) - min(a[2], b[2])  # negative when the two overlap
    shared = min(a[3], b[3]) - max(a[1], b[1])
    lower, narrower = min(a[3] - a[1], b[3] - b[1]), min(a[2] - a[0], b[2] - b[0])
    if values and -0.25 * narrower < gap < _NEXT_GAP and shared > 0.5 * lower:
        values.append("next")
    return values


def compared(this: Boxed, thing: Boxed) -> list[str]:
    """["bigger"] or ["smaller"] where one is clearly so on the picture."""
    if longest(this) > _BIGGER * longest(thing):
        return ["bigger"]
    return ["smaller"] if longest(thing) > _BIGGER * longest(this) else []


def _layered(this: SceneObject, thing: SceneObject) -> list[str]:
    """["behind"] or ["front"] where one hides a part of the other."""
    a, b = this.full_box, thing.full_box
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    if width <= 0 or height <= 0 or width * height < _OVERLAP * smaller:
        return []
    if this.depth < thing.depth:
        return ["behind"] if this.visible < _HIDDEN else []
    return ["front"] if thing.visible < _HIDDEN else []
