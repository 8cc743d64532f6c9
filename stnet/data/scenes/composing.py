"""Scenes: two to five cut-outs composed on a place, with boxes, layers and what is true of them.

What is where is decided on a grid of GRID x GRID pixels, whatever size is asked for: the same random numbers
give the same scene, the same boxes and the same facts at every size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stnet.boxes import Box
from stnet.data.objects import CutOut, ObjectBank
from stnet.data.scenes.appearance import HUE_TURNS, colour_name, cut, growth, opaque_part
from stnet.data.scenes.backdrops import Backdrop, Backdrops
from stnet.data.scenes.places import LIGHTS, PLACES, PaintedPlace, paint_place

GRID = 128
SMALLEST, LARGEST = 30.0, 80.0  # longer side of an object, in pixels of GRID
_SMALL_BELOW, _LARGE_ABOVE = 36.0, 62.0
TARGET_VISIBLE, OTHERS_VISIBLE = 0.55, 0.40
_COUNT_WEIGHTS = {2: 0.30, 3: 0.35, 4: 0.22, 5: 0.13}
MOST_OBJECTS = max(_COUNT_WEIGHTS)
_LIGHT_WEIGHTS = {"day": 0.55, "dusk": 0.2, "night": 0.25}
_ROOM = {2: LARGEST, 3: LARGEST, 4: 70.0, 5: 62.0}  # the more objects, the smaller the largest
_SIZES_TRIED, _POSITIONS_TRIED = 8, 4
_TWIN_CHANCE, _STACK_CHANCE, _SHIFT_CHANCE, _CLOSE_CHANCE = 0.16, 0.2, 0.22, 0.4
_LIGHT_ON_OBJECTS = {"day": (1.0, 1.0, 1.0), "dusk": (1.0, 0.84, 0.74), "night": (0.6, 0.66, 0.86)}
# Places that show such a thing themselves: a drawing of it would have two answers there.
_ALREADY_THERE = {
    "palm tree": {"beach", "jungle"},
    "sailboat": {"harbour"},
    "tree": {"meadow", "forest", "jungle", "garden", "playground", "railway", "beach"},
    "christmas tree": {"forest", "snow field", "lake shore"},
    "flower": {"meadow", "garden"},
}


@dataclass(frozen=True)
class SceneObject:
    """One object of a scene. Boxes are x0, y0, x1, y1 in 0..1 of the picture.

    `box` holds the visible part, `full_box` the hidden part too; `visible` is the share (0..1) of its pixels
    that can be seen; `depth` is its rank from the back; `on_top_of` is the index of what it stands on.
    """

    cut_out: CutOut
    box: Box
    full_box: Box
    colour: str | None
    scale: str | None
    visible: float
    depth: int
    on_top_of: int | None = None

    @property
    def category(self) -> str:
        return self.cut_out.category


@dataclass(frozen=True, eq=False)
class Scene:
    """`image` (S, S, 3) uint8; `labels` (S, S) uint8: 0 where the place shows, i + 1 where objects[i] is.

    `backdrop`: the photograph of the place; None for a painted one.
    """

    image: np.ndarray
    labels: np.ndarray
    place: str
    light: str
    objects: tuple[SceneObject, ...]
    backdrop: Backdrop | None = None


@dataclass(eq=False)
class _Pose:
    """Where and how an object is put; lengths in pixels of GRID."""

    cut_out: CutOut
    side: float
    flip: bool
    angle: float
    shift: int
    left: int = 0
    top: int = 0
    depth: float = 0.0
    on_top_of: int | None = None

    def __post_init__(self) -> None:
        self.pixels = self.cut(GRID)
        self.opaque = opaque_part(self.pixels)
        self.height, self.width = self.opaque.shape
        self.area = int(np.count_nonzero(self.opaque))

    def cut(self, size: int) -> np.ndarray:
        return cut(self.cut_out, self.side * size / GRID, self.flip, self.angle, self.shift)


def compose(
    bank: ObjectBank,
    rng: np.random.Generator,
    *,
    size: int = GRID,
    categories: Sequence[str],
    targets: Sequence[str] | None = None,
    held_out: bool = False,
    place: str | None = None,
    light: str | None = None,
    backdrops: Backdrops | None = None,
) -> Scene:
    """A scene of two to five objects; at least 55 % of objects[0] can be seen and 40 % of each other one.

    objects[0] is of one of the `targets` (by default of the `categories`), the others of `categories`.
    `held_out` chooses the cut-outs reserved for suites; `place` and `light` are drawn by chance unless given;
    with `backdrops` a photograph stands in for the painting now and then.
    Raises ValueError if there are fewer than five categories to draw from or the bank lacks one.
    """
    cast = _cast(bank, rng, categories, targets, held_out)
    names = {cut_out.category for cut_out in cast}
    backdrop = None if backdrops is None else backdrops.choose(rng, names, place=place, light=light)
    if backdrop is not None:
        place, light, painted = backdrop.place, backdrop.light, backdrop.paint(size, rng)
    else:
        place = place or _place_for(cast, rng)
        light = light or LIGHTS[_weighted(rng, tuple(_LIGHT_WEIGHTS[name] for name in LIGHTS))]
        painted = paint_place(place, light, size, rng)
    poses = _arrange(cast, painted, rng)
    brightness = rng.uniform(0.9, 1.08, len(cast))
    tints = np.minimum(brightness[:, None] * np.multiply(_LIGHT_ON_OBJECTS[light], painted.tint), 1.15)
    image, labels = _render(poses, painted, size, tints.astype(np.float32))
    grid_labels = labels if size == GRID else _label(poses)
    return Scene(image, labels, place, light, _describe_objects(poses, grid_labels), backdrop)


def _weighted(rng: np.random.Generator, weights: tuple[float, ...]) -> int:
    point = rng.random() * sum(weights)
    for index, weight in enumerate(weights):
        point -= weight
        if point < 0:
            return index
    return len(weights) - 1


def _cast(
    bank: ObjectBank,
    rng: np.random.Generator,
    categories: Sequence[str],
    targets: Sequence[str] | None,
    held_out: bool,
) -> list[CutOut]:
    """The cut-outs of a scene: different categories, now and then two of the same one."""
    if len(categories) < MOST_OBJECTS:
        raise ValueError(
            f"a scene needs {MOST_OBJECTS} or more categories to draw from, got {len(categories)}"
        )
    count = tuple(_COUNT_WEIGHTS)[_weighted(rng, tuple(_COUNT_WEIGHTS.values()))]
    names = [categories[index] for index in rng.choice(len(categories), count, replace=False)]
    if targets is not None:
        first = targets[int(rng.integers(len(targets)))]
        names = [first, *[name for name in names if name != first]][:count]
    if rng.random() < _TWIN_CHANCE:
        names[-1] = names[0] if len(names) == 2 or rng.random() < 0.7 else names[1]
    chosen = []
    for name in names:
        choices = bank.cut_outs(name, held_out=held_out)
        chosen.append(choices[int(rng.integers(len(choices)))])
    return chosen


def size_word(longest: float) -> str | None:
    """ "small", "large" or neither, for a thing whose longer side is so much of the picture (0..1)."""
    pixels = longest * GRID
    return "small" if pixels < _SMALL_BELOW else "large" if pixels > _LARGE_ABOVE else None


def suits(category: str, place: str) -> bool:
    """Whether `place` doesn't show such a thing itself, so that a drawing of it has one answer there."""
    return place not in _ALREADY_THERE.get(category, ())


def _place_for(cast: list[CutOut], rng: np.random.Generator) -> str:
    taken = set().union(*(_ALREADY_THERE.get(cut_out.category, set()) for cut_out in cast))
    places = [place for place in PLACES if place not in taken]
    return places[int(rng.integers(len(places)))]


def _arrange(cast: list[CutOut], painted: PaintedPlace, rng: np.random.Generator) -> list[_Pose]:
    """Give every object a pose in which enough of all can be seen; one that finds no room is left out."""
    stacked = len(cast) > 1 and painted.shadows and rng.random() < _STACK_CHANCE
    poses: list[_Pose] = []
    for cut_out in cast:
        support = 0 if stacked and len(poses) == 1 else None
        room = _ROOM[len(cast)]
        for _ in range(_SIZES_TRIED):
            pose = _shape(cut_out, room if support is None else _room_on(poses[support], room), rng)
            if any(_put(pose, poses, support, painted, rng) for _ in range(_POSITIONS_TRIED)):
                poses.append(pose)
                break
            # Ask for less: a smaller object, on the ground.
            room, support = max(SMALLEST, 0.75 * room), None
    return poses


def _shape(cut_out: CutOut, room: float, rng: np.random.Generator) -> _Pose:
    """Choose size, flip, turn and colours."""
    longest = rng.uniform(SMALLEST, max(room, SMALLEST + 1))
    turn = rng.uniform(-12, 12) if rng.random() < 0.5 else 0.0
    shift = int(rng.integers(1, HUE_TURNS)) if rng.random() < _SHIFT_CHANCE else 0
    return _Pose(cut_out, longest / growth(cut_out, turn), bool(rng.random() < 0.5), turn, shift)


def _room_on(below: _Pose, room: float) -> float:
    return min(room, 0.9 * max(below.width, below.height))


def _put(
    pose: _Pose, others: list[_Pose], support: int | None, painted: PaintedPlace, rng: np.random.Generator
) -> bool:
    """Try one position; False if it does not fit into the picture or hides too much."""
    if support is None:
        _stand_on_ground(pose, others, painted, rng)
    else:
        _stand_on(pose, others[support], rng)
    pose.on_top_of = support
    inside = 1 <= pose.left < GRID - pose.width and 1 <= pose.top < GRID - pose.height
    if not inside or not any(_touch(pose, other) for other in others):
        return inside  # what touches no other hides none: the others could be seen before
    return _all_visible([*others, pose])


def _touch(a: _Pose, b: _Pose) -> bool:
    """Whether the boxes of two objects share a pixel."""
    across = a.left < b.left + b.width and b.left < a.left + a.width
    return across and a.top < b.top + b.height and b.top < a.top + a.height


def _stand_on_ground(
    pose: _Pose, others: list[_Pose], painted: PaintedPlace, rng: np.random.Generator
) -> None:
    """Larger things stand nearer, that is lower in the picture; where there is no ground, anywhere."""
    if painted.shadows:
        size = (max(pose.width, pose.height) - SMALLEST) / (LARGEST - SMALLEST)
        nearness = min(1.0, max(0.0, 0.7 * size + rng.uniform(-0.1, 0.45)))
        back = painted.floor * GRID + 5
        foot = max(back + (GRID - 3 - back) * nearness, pose.height + 2)
    else:
        foot = rng.uniform(pose.height + 2, max(GRID - 3, pose.height + 3))
    middle = rng.uniform(0.5 * pose.width + 1, GRID - 0.5 * pose.width - 1)
    if others and rng.random() < _CLOSE_CHANCE:
        other = others[int(rng.integers(len(others)))]
        reach = 0.5 * (pose.width + other.width) * rng.uniform(0.5, 1.1)
        middle = other.left + 0.5 * other.width + (reach if rng.random() < 0.5 else -reach)
    pose.left, pose.top = round(middle - 0.5 * pose.width), round(foot) - pose.height
    pose.depth = foot


def _stand_on(pose: _Pose, below: _Pose, rng: np.random.Generator) -> None:
    """Put the object on the middle of another, as high as that one is there."""
    middle = below.width * rng.uniform(0.38, 0.62)
    first, last = int(middle - 0.12 * below.width), int(middle + 0.12 * below.width) + 1
    tops = below.opaque[:, max(0, first) : last].argmax(0)
    contact = below.top + float(np.median(tops)) + 0.05 * below.height
    pose.left = round(below.left + middle - 0.5 * pose.width)
    pose.top = round(contact) - pose.height + 1
    pose.depth = below.depth + 0.01


def _label(poses: list[_Pose]) -> np.ndarray:
    """(GRID, GRID) uint8: i + 1 where poses[i] is visible."""
    labels = np.zeros((GRID, GRID), np.uint8)
    for index in sorted(range(len(poses)), key=lambda index: poses[index].depth):
        pose = poses[index]
        part = labels[pose.top : pose.top + pose.height, pose.left : pose.left + pose.width]
        part[pose.opaque] = index + 1
    return labels


def _all_visible(poses: list[_Pose]) -> bool:
    counts = np.bincount(_label(poses).ravel(), minlength=len(poses) + 1)[1:]
    least = [TARGET_VISIBLE] + [OTHERS_VISIBLE] * (len(poses) - 1)
    return all(count >= share * pose.area for count, share, pose in zip(counts, least, poses, strict=True))


def _render(
    poses: list[_Pose], painted: PaintedPlace, size: int, tints: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Paste the objects from back to front: the picture and the labels at `size`."""
    image = painted.pixels
    labels = np.zeros((size, size), np.uint8)
    for index in sorted(range(len(poses)), key=lambda index: poses[index].depth):
        pose = poses[index]
        pixels = pose.pixels if size == GRID else pose.cut(size)
        height, width = pixels.shape[:2]
        left = min(round((pose.left + pose.width / 2) * size / GRID - width / 2), size - width)
        top = min(round((pose.top + pose.height) * size / GRID), size) - height
        left, top = max(left, 0), max(top, 0)
        if painted.shadows:
            _cast_shadow(image, left + width / 2, top + height, width, 1.0 if pose.on_top_of is None else 0.5)
        part = image[top : top + height, left : left + width]
        pixels = pixels[: part.shape[0], : part.shape[1]]
        behind = part * (1.0 - pixels[..., 3:] / np.float32(255))
        part[:] = np.minimum(behind + pixels[..., :3] * tints[index], 255)
        labels[top : top + height, left : left + width][opaque_part(pixels)] = index + 1
    return image, labels


@lru_cache(maxsize=1024)
def _shadow(width: int, height: int) -> np.ndarray:
    """(height, width, 1) float32 factors in 0..1, darkest in the middle."""
    x = (np.arange(width) + 0.5) / width * 2 - 1
    y = (np.arange(height) + 0.5) / height * 2 - 1
    inside = np.clip(1.15 - np.hypot(y[:, None], x[None, :]), 0, 1)
    return (1 - 0.62 * np.minimum(inside * 1.6, 1))[..., None].astype(np.float32)


def _cast_shadow(image: np.ndarray, middle: float, foot: float, width: float, strength: float) -> None:
    """Darken the ground under an object that stands at (`middle`, `foot`), in pixels of `image`."""
    size = len(image)
    broad, deep = max(4, round(width * 1.02)), max(3, round(width * 0.2 * strength))
    left, top = round(middle - broad / 2), round(foot - deep * 0.6)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + broad, size), min(top + deep, size)
    part = image[y0:y1, x0:x1]
    part[:] = part * _shadow(broad, deep)[y0 - top : y1 - top, x0 - left : x1 - left]


def _describe_objects(poses: list[_Pose], labels: np.ndarray) -> tuple[SceneObject, ...]:
    ranks = np.argsort(np.argsort([pose.depth for pose in poses], kind="stable"), kind="stable")
    described = []
    for index, pose in enumerate(poses):
        seen = labels == index + 1
        rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
        described.append(
            SceneObject(
                cut_out=pose.cut_out,
                box=_unit(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1),
                full_box=_unit(pose.left, pose.top, pose.left + pose.width, pose.top + pose.height),
                colour=colour_name(pose.cut_out, pose.shift),
                scale=size_word(max(pose.width, pose.height) / GRID),
                visible=float(seen.sum() / pose.area),
                depth=int(ranks[index]),
                on_top_of=pose.on_top_of,
            )
        )
    return tuple(described)


def _unit(left: int, top: int, right: int, bottom: int) -> Box:
    return (float(left) / GRID, float(top) / GRID, float(right) / GRID, float(bottom) / GRID)
