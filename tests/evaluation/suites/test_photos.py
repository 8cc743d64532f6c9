"""The photos suite on photos made here: who is asked for, by which drawing, and where it is."""

import json

import numpy as np
import pytest
from PIL import Image

from stnet.data.drawings.drawings import Drawings
from stnet.data.photos import is_held_out, load_photos, read_photo
from stnet.data.words.photo_names import drawn_as
from stnet.evaluation.suites.photos import PhotoEntries

HELD_OUT = [name for name in (f"{number}.jpg" for number in range(80)) if is_held_out(name)]
TRAINED = [name for name in (f"{number}.jpg" for number in range(80)) if not is_held_out(name)]


def stroke(seed):
    return [np.random.default_rng(seed).uniform(0, 255, (6, 2)).astype(np.float32)]


@pytest.fixture
def drawings():
    pools = {("dog", "strokes", True): [stroke(n) for n in range(9)], ("mouse", "strokes", True): [stroke(1)]}
    pools |= {("sailboat", "strokes", True): [stroke(2)], ("cat", "strokes", False): [stroke(3)]}
    return Drawings(pools, {})


def folder(path, names):
    """Photos of two dogs, a boat, a cat (drawn for training only) and a computer mouse."""
    (path / "images").mkdir()
    boxes = {"dog": [0, 0, 10, 10], "boat": [10, 10, 20, 10], "cat": [0, 0, 5, 5], "mouse": [1, 1, 5, 5]}
    objects = [{"category": name, "bbox": box} for name, box in boxes.items()]
    objects.append({"category": "dog", "bbox": [30, 10, 10, 10]})
    rows = [{"file": name, "width": 40, "height": 20, "objects": objects} for name in names]
    (path / "photos.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    for name in names:
        Image.new("L", (40, 20), 90).save(path / "images" / name)
    return path


def test_held_out_photos_are_asked_by_what_people_drew(tmp_path, drawings):
    suite = PhotoEntries(load_photos(folder(tmp_path, TRAINED[:3] + HELD_OUT[:2])), drawings)
    assert (len(suite), suite.name, suite.complete) == (2, "photos", True)
    entry = suite.entry(1)
    assert entry.pixels.shape == (20, 40, 3) and len(entry.objects) == 5
    assert [query.category for query in entry.queries] == [
        "boat",
        "dog",
    ]  # mouse is another thing, cat not held out
    assert entry.queries[1].boxes == ((0, 0, 0.25, 0.5), (0.75, 0.5, 1, 1))
    assert {query.image for query in entry.queries} == {1}
    assert all(query.text is None and query.sketch.any() for query in entry.queries)


def test_a_query_does_not_depend_on_the_other_photos(tmp_path, drawings):
    photos = load_photos(folder(tmp_path, HELD_OUT[:5]))
    whole, alone = PhotoEntries(photos, drawings), PhotoEntries(photos[2:3], drawings)
    row = sorted(HELD_OUT[:5]).index(HELD_OUT[2])
    for one, other in zip(whole.entry(row).queries, alone.entry(0).queries, strict=True):
        assert np.array_equal(one.sketch, other.sketch)
    sketches = {suite.entry(0).queries[1].sketch.tobytes() for suite in (whole, alone)}
    assert len(sketches) == 2  # other photos, other drawings


def test_a_part_of_the_suite_says_so(tmp_path, drawings):
    photos = load_photos(folder(tmp_path, HELD_OUT[:4]))
    assert not PhotoEntries(photos, drawings, images=3).complete
    assert PhotoEntries(photos, drawings, images=4).complete


def test_nothing_to_ask_is_an_error(tmp_path, drawings):
    photos = load_photos(folder(tmp_path, TRAINED[:3]))
    with pytest.raises(ValueError, match=r"0 of 3 photos are held out.*add photos or drawings"):
        PhotoEntries(photos, drawings)


def test_a_damaged_photo_is_named(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"not a picture")
    with pytest.raises(ValueError, match=r"a\.jpg can't be read: it is not a"):
        read_photo(tmp_path / "a.jpg")


def test_things_are_drawn_under_other_names():
    assert (drawn_as("tv"), drawn_as("zebra"), drawn_as("mouse")) == ("television", "zebra", None)
