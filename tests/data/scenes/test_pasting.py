"""Copy-paste: soft edges, nothing hidden too much, and boxes, labels and facts that know of it."""

import numpy as np
import pytest
from PIL import Image

from stnet.data.objects import shapes_bank
from stnet.data.photos import Crop, Photo, PhotoObject
from stnet.data.scenes.composing import compose
from stnet.data.scenes.facts import Fact, facts
from stnet.data.scenes.pasting import (
    LEAST_VISIBLE,
    PastedCutOut,
    Piece,
    cut_piece,
    paste_on_crop,
    paste_on_scene,
    soft_mask,
    visible_box,
)
from stnet.data.words.photo_texts import caption_texts

BANK = shapes_bank()
RED = Piece("parcel", np.full((30, 60, 3), (250, 0, 0), np.uint8))


def rng(seed=0):
    return np.random.default_rng(seed)


def crop(*objects, captions=()):
    return Crop(np.full((64, 64, 3), 90, np.uint8), objects, captions)


def test_a_piece_is_what_the_box_holds(tmp_path):
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[15:45, 20:40], pixels[15:45, 40:60] = (255, 0, 0), (0, 0, 255)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    photo = Photo(tmp_path / "a.png", (PhotoObject("parcel", (0.25, 0.25, 0.75, 0.75)),), (), False)
    first_columns = set()
    for seed in range(8):
        piece = cut_piece(photo, 0, rng(seed))
        assert piece.category == "parcel" and piece.pixels.shape == (30, 40, 3)
        first_columns.add(tuple(piece.pixels[0, 0]))
        assert (piece.pixels[:, 2] == piece.pixels[0, 0]).all()
    assert first_columns == {(255, 0, 0), (0, 0, 255)}  # mirrored now and then


def test_a_large_box_is_made_smaller(tmp_path):
    Image.new("RGB", (800, 400), "green").save(tmp_path / "a.png")
    photo = Photo(tmp_path / "a.png", (PhotoObject("lawn", (0.0, 0.0, 1.0, 1.0)),), (), False)
    assert cut_piece(photo, 0, rng()).pixels.shape == (96, 192, 3)


def test_the_edges_of_the_mask_are_soft():
    mask = soft_mask(20, 40)
    assert mask.shape == (20, 40) and mask[10, 20] == 1
    assert 0 < mask[10, 1] < 1 and mask[0, 0] == 0
    assert np.allclose(mask, mask[::-1, ::-1], atol=1e-5)


def test_pasted_on_a_crop_it_is_the_first_object():
    car = PhotoObject("car", (0.1, 0.6, 0.4, 0.9))
    before = crop(car)
    for seed in range(20):
        after = paste_on_crop(before, RED, rng(seed))
        assert after is not None and after.pasted
        parcel, moved = after.objects
        assert parcel.category == "parcel" and moved.category == "car"
        x0, y0, x1, y1 = (round(64 * edge) for edge in parcel.box)
        assert tuple(after.pixels[(y0 + y1) // 2, (x0 + x1) // 2]) == (250, 0, 0)
        outside = np.ones((64, 64), bool)
        outside[y0:y1, x0:x1] = False
        assert (after.pixels[outside] == 90).all()
        assert abs((x1 - x0) / (y1 - y0) - 2) < 0.3 and 0.2 < (x1 - x0) / 64 < 0.65
    assert (before.pixels == 90).all() and before.objects == (car,)


def test_no_place_is_taken_that_hides_others():
    small = [PhotoObject("car", (x / 8, y / 8, (x + 1) / 8, (y + 1) / 8)) for x in range(8) for y in range(8)]
    assert paste_on_crop(crop(*small), RED, rng()) is None


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        ((0.0, 0.0, 0.5, 1.0), (0.5, 0.2, 0.8, 0.6)),  # the left part is hidden
        ((0.6, 0.1, 0.9, 0.7), (0.2, 0.2, 0.6, 0.6)),  # the right one
        ((0.1, 0.5, 0.9, 0.9), (0.2, 0.2, 0.8, 0.5)),  # the lower one
        ((0.4, 0.1, 0.5, 0.9), (0.2, 0.2, 0.8, 0.6)),  # the middle: both ends can be seen
        ((0.1, 0.1, 0.5, 0.4), (0.2, 0.2, 0.8, 0.6)),  # only a corner
        ((0.9, 0.1, 1.0, 0.9), (0.2, 0.2, 0.8, 0.6)),  # beside it
    ],
)
def test_a_box_shrinks_by_the_side_that_is_hidden(cover, expected):
    assert visible_box((0.2, 0.2, 0.8, 0.6), cover) == expected


def test_captions_say_nothing_of_what_was_pasted():
    after = paste_on_crop(
        crop(PhotoObject("car", (0, 0.8, 0.2, 1)), captions=("A road by the sea",)), RED, rng()
    )
    assert after is not None
    assert caption_texts(after, 0) == [] and caption_texts(after, 1) == ["a road by the sea"]


def test_pasted_on_a_scene_all_that_is_known_of_it_stays_true():
    hiding = 0
    for seed in range(25):
        scene = compose(BANK, rng(seed), size=128, categories=BANK.categories)
        after = paste_on_scene(scene, RED, rng(seed))
        if after is None:
            continue
        number = len(scene.objects)
        parcel = after.objects[-1]
        assert len(after.objects) == number + 1 and isinstance(parcel.cut_out, PastedCutOut)
        assert parcel.category == "parcel" and parcel.visible == 1 and parcel.colour is None
        assert Fact("near", "parcel", "parcel") in facts(after, 0)
        assert (after.labels[after.labels <= number] == scene.labels[after.labels <= number]).all()
        changed = (after.image != scene.image).any(-1)
        rows, columns = np.nonzero(changed)
        x0, y0, x1, y1 = (edge * 128 for edge in parcel.box)
        assert x0 <= columns.min() and columns.max() < x1 and y0 <= rows.min() and rows.max() < y1
        for index, (old, new) in enumerate(zip(scene.objects, after.objects, strict=False)):
            left = (after.labels == index + 1).sum() / (scene.labels == index + 1).sum()
            assert new.visible == pytest.approx(old.visible * left) and new.visible >= LEAST_VISIBLE
            hiding += left < 0.85 and Fact("relation", "behind", "parcel") in facts(after, index)
    assert hiding
