"""Texts about photos: true of the crop, never naming the thing, captions only where they still hold."""

import numpy as np
import pytest
from PIL import Image

from stnet.data.photos import Crop, Photo, PhotoObject, random_crop
from stnet.data.scenes.facts import Fact
from stnet.data.words.naming import names_it
from stnet.data.words.photo_facts import describe_boxes, photo_facts
from stnet.data.words.photo_texts import WHOLE_ENOUGH, caption_texts, describe_crop

EMPTY = np.zeros((8, 8, 3), np.uint8)
STREET = (
    PhotoObject("car", (0.05, 0.5, 0.45, 0.9)),
    PhotoObject("dog", (0.7, 0.6, 0.85, 0.9)),
    PhotoObject("bench", (0.46, 0.5, 0.66, 0.8)),
    PhotoObject("truck", (0.8, 0.0, 0.95, 0.2)),
)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_boxes_prove_where_how_large_and_beside_what():
    found = set(photo_facts(STREET, 1))
    assert {Fact("position", "right"), Fact("position", "lower right")} <= found
    assert {Fact("near", "car", "car"), Fact("relation", "right", "car")} <= found
    assert {Fact("relation", "next", "bench"), Fact("relation", "smaller", "truck")} & found == {
        Fact("relation", "next", "bench")
    }
    assert {fact.kind for fact in found} <= {"position", "size", "near", "relation"}
    assert {fact.value for fact in found if fact.kind == "relation"} <= {
        "left",
        "right",
        "next",
        "bigger",
        "smaller",
    }


def test_nothing_is_said_beside_what_would_name_it_or_is_there_twice():
    assert not any(fact.other == "truck" for fact in photo_facts(STREET, 0))  # people call trucks cars
    two = (*STREET, PhotoObject("bench", (0.0, 0.0, 0.1, 0.1)))
    relations = {fact.other for fact in photo_facts(two, 1) if fact.kind == "relation"}
    assert relations == {"car"}
    assert Fact("near", "bench", "bench") in photo_facts(two, 1)


def test_texts_from_boxes_are_true_and_name_nothing():
    for seed in range(80):
        target = seed % len(STREET)
        text, stated = describe_boxes(STREET, target, rng(seed))
        assert text and stated and set(stated) <= set(photo_facts(STREET, target))
        assert not names_it(text, STREET[target].category), text
        assert all(fact.other in text.lower() for fact in stated)
    alone = (PhotoObject("dog", (0.2, 0.42, 0.58, 0.78)),)
    assert describe_boxes(alone, 0, rng()) == ("", ())  # nothing that is sure


def test_mirrored_crops_speak_of_what_they_show(tmp_path):
    Image.new("RGB", (120, 90), "white").save(tmp_path / "a.png")
    photo = Photo(tmp_path / "a.png", STREET, ("a dog to the right of a car",), False)
    mirrored = {False: 0, True: 0}
    for seed in range(20):
        crop = random_crop(photo, 16, rng(seed), smallest=0.95)
        mirrored[crop.mirrored] += 1
        names = [entry.category for entry in crop.objects]
        assert names[:3] == ["car", "bench", "dog"] and 0.6 < crop.share <= 1
        side = "left" if crop.mirrored else "right"
        assert Fact("relation", side, "car") in photo_facts(crop.objects, 2)
        whole = crop.share >= WHOLE_ENOUGH and not crop.mirrored
        assert caption_texts(crop, 2) == ["something to the right of a car"] * whole
    assert min(mirrored.values()) > 3


@pytest.mark.parametrize(
    ("share", "mirrored", "expected"), [(0.9, True, 1), (0.9, False, 2), (0.5, False, 0)]
)
def test_captions_are_used_where_they_still_hold(share, mirrored, expected):
    captions = ("A dog to the left of a car", "A brown dog is asleep on a bench")
    crop = Crop(EMPTY, STREET, captions, share=share, mirrored=mirrored)
    assert len(caption_texts(crop, 1)) == expected


def test_both_ways_of_speaking_are_used():
    crop = Crop(EMPTY, STREET, ("A brown dog in the rain",))
    described = [describe_crop(crop, 1, rng(seed)) for seed in range(30)]
    assert all(bool(stated) != (text == "a brown one in the rain") for text, stated in described)
    texts = {text for text, _ in described}
    assert "a brown one in the rain" in texts and len(texts) > 5
    assert not any(names_it(text, "dog") for text in texts)
