"""Scenes: boxes, visibility and labels agree; the same numbers give the same scene at every size."""

from collections import Counter

import numpy as np
import pytest

from stnet.data.objects import ObjectBank, shapes_bank
from stnet.data.scenes.composing import GRID, OTHERS_VISIBLE, TARGET_VISIBLE, Scene, compose

BANK = shapes_bank()
NAMES = BANK.categories


def scene(seed: int, **options) -> Scene:
    return compose(BANK, np.random.default_rng(seed), categories=NAMES, **options)


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    return [scene(seed) for seed in range(300)]


def test_boxes_are_the_extents_of_the_visible_pixels(scenes: list[Scene]) -> None:
    for made in scenes[:100]:
        assert made.image.shape == (GRID, GRID, 3) and made.image.dtype == np.uint8
        assert made.labels.shape == (GRID, GRID) and made.labels.dtype == np.uint8
        assert made.labels.max() == len(made.objects)
        for number, thing in enumerate(made.objects, start=1):
            rows, columns = np.nonzero(made.labels == number)
            extents = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            assert thing.box == tuple(edge / GRID for edge in extents)
            full = thing.full_box
            assert full[0] <= thing.box[0] and full[1] <= thing.box[1]
            assert full[2] >= thing.box[2] and full[3] >= thing.box[3]
            assert min(full) >= 0 and max(full) <= 1


def test_enough_of_every_object_can_be_seen(scenes: list[Scene]) -> None:
    for made in scenes:
        assert made.objects[0].visible >= TARGET_VISIBLE
        assert all(OTHERS_VISIBLE <= thing.visible <= 1 for thing in made.objects)
    assert any(thing.visible < 0.95 for made in scenes for thing in made.objects)


def test_what_is_nearer_hides_what_is_behind(scenes: list[Scene]) -> None:
    for made in scenes:
        assert sorted(thing.depth for thing in made.objects) == list(range(len(made.objects)))
        front = max(made.objects, key=lambda thing: thing.depth)
        assert front.visible == 1.0


def test_scenes_have_two_to_five_objects_of_drawable_size(scenes: list[Scene]) -> None:
    counts = Counter(len(made.objects) for made in scenes)
    assert set(counts) == {2, 3, 4, 5}
    assert counts[3] > counts[5]
    lengths = np.array(
        [max(b[2] - b[0], b[3] - b[1]) * GRID for made in scenes for b in [t.full_box for t in made.objects]]
    )
    assert lengths.min() >= 26 and lengths.max() <= 82
    assert lengths.max() > 70


def test_size_names_follow_the_longer_side(scenes: list[Scene]) -> None:
    for thing in (thing for made in scenes for thing in made.objects):
        x0, y0, x1, y1 = thing.full_box
        longest = max(x1 - x0, y1 - y0) * GRID
        expected = "small" if longest < 36 else "large" if longest > 62 else None
        assert thing.scale == expected


def test_larger_objects_stand_lower_in_the_picture(scenes: list[Scene]) -> None:
    standing = [
        (max(t.full_box[2] - t.full_box[0], t.full_box[3] - t.full_box[1]), t.full_box[3])
        for made in scenes
        if made.place != "underwater"
        for t in made.objects
        if t.on_top_of is None
    ]
    length, foot = np.array(standing).T
    assert np.corrcoef(length, foot)[0, 1] > 0.4
    assert foot.min() > 0.3  # nothing stands in the sky


def test_some_scenes_have_twins_and_some_have_stacks(scenes: list[Scene]) -> None:
    twins = [len({thing.category for thing in made.objects}) < len(made.objects) for made in scenes]
    assert 0.05 < np.mean(twins) < 0.35
    stacks = [(made, t) for made in scenes for t in made.objects if t.on_top_of is not None]
    assert 0.04 < len(stacks) / len(scenes) < 0.3
    for made, rider in stacks:
        support = made.objects[rider.on_top_of]
        middle = (rider.full_box[0] + rider.full_box[2]) / 2
        assert support.full_box[0] < middle < support.full_box[2]
        assert rider.full_box[1] < support.full_box[1] and rider.depth > support.depth


@pytest.mark.parametrize("size", [96, 192])
def test_the_same_numbers_give_the_same_scene_at_every_size(scenes: list[Scene], size: int) -> None:
    for seed in range(25):
        small, other = scenes[seed], scene(seed, size=size)
        assert other.image.shape == (size, size, 3)
        assert (small.place, small.light) == (other.place, other.light)
        assert small.objects == other.objects
        for number in range(1, len(other.objects) + 1):
            rows, columns = np.nonzero(other.labels == number)
            grid_rows, grid_columns = np.nonzero(small.labels == number)
            assert abs(columns.mean() / size - grid_columns.mean() / GRID) < 2.5 / GRID
            assert abs(rows.mean() / size - grid_rows.mean() / GRID) < 2.5 / GRID
            assert len(rows) / size**2 == pytest.approx(len(grid_rows) / GRID**2, rel=0.15)


def test_the_same_numbers_give_the_same_pixels_and_others_do_not(scenes: list[Scene]) -> None:
    again = scene(7)
    assert np.array_equal(scenes[7].image, again.image) and np.array_equal(scenes[7].labels, again.labels)
    assert not np.array_equal(scenes[7].image, scenes[8].image)


def test_place_light_targets_and_cut_outs_can_be_chosen() -> None:
    for seed in range(20):
        made = scene(seed, place="cave", light="night", targets=["ring"], held_out=True)
        assert (made.place, made.light, made.objects[0].category) == ("cave", "night", "ring")
        for thing in made.objects:
            assert thing.cut_out in BANK.cut_outs(thing.category, held_out=True)
    open_scene = compose(BANK, np.random.default_rng(0), categories=NAMES[:6], targets=NAMES[6:])
    assert open_scene.objects[0].category in NAMES[6:]


def test_the_pixels_of_an_object_show_its_cut_out() -> None:
    """By day a red object stays red where the labels say that it is."""
    red = ObjectBank([cut for cut in BANK if cut.name.endswith("-red")])
    shown = 0
    for seed in range(20):
        bank = ObjectBank([*red, *[cut for cut in BANK if cut.category not in red.categories]])
        made = compose(
            bank, np.random.default_rng(seed), categories=bank.categories, light="day", place="meadow"
        )
        for number, thing in enumerate(made.objects, start=1):
            if thing.colour == "red":
                colour = made.image[made.labels == number].mean(0)
                shown += 1
                assert colour[0] > 1.5 * colour[1] and colour[0] > 1.5 * colour[2]
    assert shown > 3


def test_too_few_categories_are_refused() -> None:
    with pytest.raises(ValueError, match="5 or more categories to draw from, got 3"):
        compose(BANK, np.random.default_rng(0), categories=NAMES[:3])
    with pytest.raises(ValueError, match="no category 'unicorn'"):
        compose(BANK, np.random.default_rng(0), categories=["unicorn"] * 5)
