"""Plants stand on their foot, and are as tall as they are asked to be."""

from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from stnet.data.scenes.canvas import Canvas
from stnet.data.scenes.plants import broadleaf, conifer, frond, grass, palm

LEAF = (60.0, 140.0, 60.0)


def painted(paint: Callable[[Canvas], None], seed: int = 0) -> np.ndarray:
    """Which of 100 x 100 pixels are painted."""
    canvas = Canvas(100, "day", Random(seed), np.random.default_rng(seed))
    paint(canvas)
    return canvas.finish(0).any(2)


TREES = [
    lambda canvas: broadleaf(canvas, 0.5, 0.8, 0.5, LEAF),
    lambda canvas: conifer(canvas, 0.5, 0.8, 0.5, LEAF),
    lambda canvas: palm(canvas, 0.5, 0.8, 0.5),
]


@pytest.mark.parametrize("paint", TREES, ids=["broadleaf", "conifer", "palm"])
@pytest.mark.parametrize("seed", range(4))
def test_a_tree_stands_on_its_foot(paint: Callable[[Canvas], None], seed: int) -> None:
    down, across = np.nonzero(painted(paint, seed))
    assert 77 <= down.max() <= 82
    assert 35 <= down.max() - down.min() <= 65
    assert 45 <= across[down == down.max()].mean() <= 55


def test_snow_lies_on_a_conifer_that_asks_for_it() -> None:
    def white(snowy: bool) -> int:
        canvas = Canvas(100, "day", Random(0), np.random.default_rng(0))
        conifer(canvas, 0.5, 0.8, 0.5, LEAF, snowy)
        return int((canvas.finish(0).min(2) > 220).sum())

    assert white(snowy=False) == 0 < white(snowy=True)


def test_a_frond_grows_from_its_root() -> None:
    down, across = np.nonzero(painted(lambda canvas: frond(canvas, 0.5, 0.5, 0.3, LEAF)))
    assert np.hypot(down - 50, across - 50).min() < 3
    assert np.hypot(down - 50, across - 50).max() < 32


def test_grass_covers_the_ground_and_not_the_sky() -> None:
    covered = painted(lambda canvas: grass(canvas, 0.4, (80, 150, 60), (120, 170, 90)))
    assert covered[40:].all() and not covered[:40].any()
