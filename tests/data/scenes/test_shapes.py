"""Shapes drawn in code: cut-outs that can be told apart by form and by colour."""

from itertools import combinations

import numpy as np

from stnet.data.scenes.shapes import SIDE, draw_shapes


def test_they_are_cut_outs_with_transparent_surroundings() -> None:
    for category, colours in draw_shapes().items():
        for pixels in colours.values():
            assert pixels.shape == (SIDE, SIDE, 4) and pixels.dtype == np.uint8
            share = (pixels[..., 3] > 127).mean()
            assert 0.1 < share < 0.9, category


def test_no_two_forms_are_alike() -> None:
    masks = {
        category: next(iter(colours.values()))[..., 3] > 127 for category, colours in draw_shapes().items()
    }
    assert len(masks) >= 10
    for (first, one), (second, other) in combinations(masks.items(), 2):
        assert (one != other).mean() > 0.05, (first, second)


def test_a_form_has_the_same_outline_in_each_of_its_colours() -> None:
    drawn = draw_shapes()
    assert len(drawn["circle"]) > 1
    for colours in drawn.values():
        first, *others = colours.values()
        assert all(np.array_equal(first[..., 3], other[..., 3]) for other in others)
        assert all(not np.array_equal(first, other) for other in others)


def test_holes_are_empty() -> None:
    middle = SIDE // 2
    (ring, *_), (circle, *_) = (draw_shapes()[name].values() for name in ("ring", "circle"))
    assert ring[middle, middle, 3] == 0 and circle[middle, middle, 3] == 255
