"""Examples: scenes and photos in one form, with what is where on them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stnet.data.photos import Photo, PhotoObject, load_photos
from stnet.data.scenes import backdrops
from stnet.data.scenes.backdrops import Backdrops
from stnet.training.batches.examples import (
    ExampleSource,
    photo_categories,
    read_photos,
)
from stnet.training.config import RunError
from tests.training.shapes import BANK, SPLIT, example_source, write_photos


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return load_photos(write_photos(tmp_path_factory.mktemp("photos") / "set"))


def rng(seed=0):
    return np.random.default_rng(seed)


def test_a_scene_says_what_is_where():
    source = example_source()
    for seed in range(8):
        example = source.scene(rng(seed), 64, source.seen)
        count = len(example.names)
        assert example.pixels.shape == (64, 64, 3) and example.pixels.dtype == np.uint8
        assert example.coverage.shape == (count, 16) and example.boxes.shape == (count, 4)
        assert [SPLIT.seen[number] for number in example.categories] == list(example.names)
        assert (example.boxes[:, 2:] > example.boxes[:, :2]).all()
        for number in range(count):
            assert example.coverage[number].sum() > 0
            assert example.cut_out(number).category == example.names[number]
            centre = example.boxes[number].reshape(2, 2).mean(0)
            covered = np.flatnonzero(example.coverage[number])
            middles = np.stack([covered % 4, covered // 4], 1) / 4 + 0.125
            assert np.abs(middles - centre).sum(1).min() < 0.5


@pytest.mark.parametrize("patch", [8, 32])
def test_patches_are_as_large_as_the_image_towers(photos, patch):
    source = example_source(photos, patch=patch)
    made = [source.scene(rng(1), 64, source.seen), source.photo(rng(1), 64, boxed=True)]
    for example in made:
        assert example.coverage.shape == (len(example.names), (64 // patch) ** 2)
        areas = (example.boxes[:, 2] - example.boxes[:, 0]) * (example.boxes[:, 3] - example.boxes[:, 1])
        assert (example.coverage.mean(1) <= areas + 0.02).all()  # an object covers at most its box
    assert made[1].coverage.mean(1) == pytest.approx(areas, abs=1e-6)


def test_scenes_never_show_what_is_unseen_or_held_out():
    source = example_source()
    for seed in range(15):
        example = source.scene(rng(seed), 32, source.seen)
        assert not set(example.names) & set(SPLIT.unseen)
        assert not any(example.cut_out(number).held_out for number in range(len(example.names)))


def test_photographs_stand_behind_some_scenes_alone_and_in_groups(tmp_path):
    for name in json.loads(Path(backdrops.__file__).with_suffix(".json").read_text()):
        Image.new("RGB", (90, 60), (0, 200, 0)).save(tmp_path / name)
    source = ExampleSource(BANK, SPLIT, [], SPLIT.seen, 64, 16, backdrops=Backdrops(tmp_path))
    alone = [source.scene(rng(seed), 32, source.seen) for seed in range(20)]
    grouped = [example for seed in range(20) for example in source.group(rng(seed), 32, source.seen)]
    for made in (alone, grouped):
        behind = [example.scene for example in made if example.scene.backdrop is not None]
        assert 0 < len(behind) < len(made)
    assert all(example.scene.backdrop is None for example in example_source().scenes(rng(), 32, 8, 0.5))


def test_a_pool_is_some_of_the_seen_categories():
    source = example_source()
    pool = source.pool(rng(), 6)
    assert len(set(pool)) == 6 and set(pool) <= set(SPLIT.seen)
    assert len(source.pool(rng(), 90)) == len(SPLIT.seen)


def test_patches_of_a_scene_have_labels():
    source = example_source()
    example = source.scene(rng(1), 128, source.seen)
    labels = source.labels(example)
    assert labels.shape == (64,)
    assert set(labels.tolist()) <= {-1, source.background, *example.categories.tolist()}
    assert (labels == source.background).any()
    best = example.coverage.argmax(1)  # where each object covers most of a patch
    fully = [(number, patch) for number, patch in enumerate(best) if example.coverage[number, patch] > 0.9]
    assert fully and all(labels[patch] == example.categories[number] for number, patch in fully)


def test_the_boxed_part_of_a_photo_is_labelled_and_the_rest_unknown(photos):
    source = example_source(photos)
    assert source.ids["parcel"] == len(SPLIT.seen)  # photo categories come after the split's
    assert "cloud" not in source.ids  # boxed too seldom
    for seed in range(10):
        example = source.photo(rng(seed), 64, boxed=True)
        labels = source.labels(example)
        assert example.scene is None and all(example.cut_out(k) is None for k in range(len(example.names)))
        assert set(labels.tolist()) <= {-1, source.ids["parcel"]}
        assert set(example.names) <= {"parcel", "cloud"}
        assert example.categories.tolist() == [source.ids.get(name, -1) for name in example.names]


def test_held_out_photos_are_never_trained_on(photos):
    held_out = [photo for photo in photos if photo.held_out]
    assert held_out
    source = example_source(photos)
    assert len(source.photos) == len(photos) - len(held_out)
    assert not set(source.photos) & set(held_out)


def test_photo_categories_are_those_boxed_often(tmp_path):
    def photo(name, *categories, held_out=False):
        objects = tuple(PhotoObject(category, (0, 0, 1, 1)) for category in categories)
        return Photo(tmp_path / name, objects, (), held_out)

    made = [photo("a", *["dog"] * 30, *["cat"] * 29, *["circle"] * 40), photo("b", "cat", held_out=True)]
    assert photo_categories(made, SPLIT) == ["dog"]  # a circle is in the split; held-out boxes don't count
    assert read_photos(None) == []


def test_a_model_without_the_classes_is_refused():
    with pytest.raises(RunError, match="the model has no class for 9 categories such as"):
        ExampleSource(BANK, SPLIT, [], ["circle"], 64, 16)


def test_what_a_label_names_is_on_the_picture_and_nobody_knows_where(tmp_path):
    folder = write_photos(tmp_path / "set", count=2)
    listing = folder / "photos.jsonl"
    listing.write_text(listing.read_text().replace('"objects"', '"labels": ["tiger shark"], "objects"'))
    labelled = load_photos(folder)
    assert "shark" in photo_categories(labelled, SPLIT, drawable=["shark", "tiger"])
    source = ExampleSource(BANK, SPLIT, labelled, [*SPLIT.seen, "parcel", "shark"], 64, 16)
    example = source.worded_photo(rng(), 64)
    assert example.labels == ("tiger shark",) and example.names[-1] == "shark"
    assert example.categories[-1] == source.ids["shark"]
    assert not example.boxes[-1].any() and not example.coverage[-1].any()
