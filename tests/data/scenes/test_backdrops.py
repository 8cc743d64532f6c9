"""Photographs behind scenes: which may be, what is cut out of them, and that scenes know which it was."""

import json
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from stnet.data.objects import shapes_bank
from stnet.data.scenes.backdrops import GPL_COMPATIBLE, Backdrops
from stnet.data.scenes.composing import GRID, compose
from stnet.data.scenes.places import LIGHTS, PLACES

MEADOW, BEACH, STREET = (
    "mate-nature-greenmeadow.jpg",
    "scratch-nature-beach-malibu.jpg",
    "gcompris-categorization-monuments-zimnipalace.jpg",
)
LICENCES = {MEADOW: "GPL-2+", BEACH: "CC-BY-SA-3.0", STREET: "Public Domain"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three listed photographs, blue above and green below, and one that nobody listed."""
    made = tmp_path_factory.mktemp("images")
    pixels = np.zeros((60, 90, 3), np.uint8)
    pixels[:30, :, 2], pixels[30:, :, 1] = 200, 200
    for name in (*LICENCES, "other.jpg"):
        Image.fromarray(pixels).save(made / name, quality=95)
    rows = [{"file_name": name, "licence": licence, "author": "A"} for name, licence in LICENCES.items()]
    (made / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return made


def test_licences_decide(folder, tmp_path):
    assert {backdrop.path.name for backdrop in Backdrops(folder).all} == set(LICENCES)
    free = Backdrops(folder, licences=GPL_COMPATIBLE).all
    assert {backdrop.path.name for backdrop in free} == {MEADOW, STREET}
    assert free[0].credit["licence"] == LICENCES[free[0].path.name]
    with pytest.raises(ValueError, match="has no photograph that may be a backdrop"):
        Backdrops(tmp_path)


def test_what_is_listed_are_places_that_scenes_know(folder):
    for backdrop in Backdrops(folder).all:
        assert backdrop.place in PLACES and backdrop.light in LIGHTS and 0 < backdrop.floor < 1


def test_the_same_numbers_cut_the_same_square_at_every_size(folder):
    backdrop = next(one for one in Backdrops(folder).all if one.place == "meadow")
    for seed in range(5):
        small, large = (backdrop.paint(size, np.random.default_rng(seed)) for size in (32, 64))
        assert small.pixels.shape == (32, 32, 3) and small.floor == large.floor
        middle = np.asarray(Image.fromarray(large.pixels).reduce(2), int)
        assert np.abs(middle - small.pixels).mean() < 12
        assert small.pixels[-1, :, 1].min() > 150  # the ground is below


def test_some_scenes_have_one_and_say_which(folder):
    backdrops, bank = Backdrops(folder), shapes_bank()
    made = [
        compose(bank, np.random.default_rng(seed), categories=bank.categories, backdrops=backdrops)
        for seed in range(60)
    ]
    behind = [scene for scene in made if scene.backdrop is not None]
    assert 15 <= len(behind) <= 35
    assert all((s.place, s.light) == (s.backdrop.place, s.backdrop.light) for s in behind)
    assert min(Counter(scene.place for scene in behind).values()) >= 3
    for scene in behind:  # what nothing covers is the photograph's blue and green
        assert scene.image.shape == (GRID, GRID, 3)
        free = scene.image[scene.labels == 0]
        assert np.median(free[:, 0]) < 30


def test_what_it_shows_is_not_put_on_it_again(folder):
    backdrops, chance = Backdrops(folder), np.random.default_rng(0)
    chosen = [backdrops.choose(chance, {"drum"}, place="beach") for _ in range(20)]
    assert {one.path.name for one in chosen if one is not None} == {BEACH}
    assert all(backdrops.choose(chance, {"drum"}, place="beach", light="night") is None for _ in range(9))
