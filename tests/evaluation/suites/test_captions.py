"""The captions suites on photos made here: which are listed, and what is asked about them."""

import numpy as np
import pytest
from PIL import Image

from stnet.data.drawings.drawings import Drawings
from stnet.data.photos import Photo, PhotoObject
from stnet.data.splits import photo_key
from stnet.evaluation.suites.captions import CaptionEntries, DrawnCaptionEntries

DOG, CAT = (PhotoObject(name, (0.0, 0.0, 0.5, 1.0)) for name in ("dog", "cat"))
CAPTIONS = ("A dog.", "A brown dog sits on the grass.", "Two people walk.")
NAMES = ("b.png", "a.png", "c.png", "d.png")
KEYS = [photo_key(name) for name in NAMES]


@pytest.fixture
def photos(tmp_path):
    for name in NAMES:
        Image.new("RGB", (40, 20), "green").save(tmp_path / name)
    captions = {"b.png": CAPTIONS, "a.png": ("A cat dog house.", "A cat runs.")}
    return [Photo(tmp_path / name, (DOG, CAT), captions.get(name, ()), True, name) for name in NAMES]


@pytest.fixture
def drawings():
    strokes = [np.array([[0, 0], [90, 0], [90, 60]], np.float32)]
    return Drawings({("dog", "strokes", True): [strokes], ("cat", "strokes", False): [strokes]}, {})


def test_every_caption_asks_by_words_alone(photos):
    suite = CaptionEntries(photos, KEYS[:2], KEYS[2:3])
    assert (suite.name, len(suite), suite.complete) == ("captions", 3, True)  # d.png is not listed
    entries = [suite.entry(row) for row in range(3)]
    assert [[query.text for query in entry.queries] for entry in entries] == [
        ["A cat dog house.", "A cat runs."],
        list(CAPTIONS),
        [],
    ]
    assert {query.image for query in entries[1].queries} == {1}
    assert all(query.sketch is None for entry in entries for query in entry.queries)
    assert entries[0].pixels.shape == (20, 40, 3)


def test_a_drawing_asks_with_a_caption_that_does_not_name_the_thing(photos, drawings):
    suite = DrawnCaptionEntries(photos, KEYS[:1], KEYS[1:], drawings)
    (query,) = suite.entry(1).queries  # nobody drew a cat that is held out
    assert (query.category, query.text, query.boxes) == ("dog", "a brown one sits on the grass", (DOG.box,))
    assert query.sketch is not None and query.sketch.any()
    assert suite.entry(0).queries == ()


def test_a_part_says_so(photos):
    assert not CaptionEntries(photos, KEYS[:2], KEYS[2:], images=2).complete
    assert not CaptionEntries(photos[:3], KEYS[:2], KEYS[2:]).complete


def test_nothing_to_ask_is_an_error(photos):
    with pytest.raises(ValueError, match="of the 1 photos asked for none is among the 4 given"):
        CaptionEntries(photos, [photo_key("e.png")], KEYS)
    with pytest.raises(ValueError, match=r"c\.png is asked for by its captions and has none"):
        CaptionEntries(photos, KEYS, [])
