"""Questions and answers as JSON come out as they went in, or are refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from stnet.gallery.manifest import Manifest
from stnet.search import SearchError, SearchResponse, SearchResult
from stnet.search.guessing import Guess
from stnet.search.remote.wire import (
    pack_answer,
    pack_gallery,
    pack_question,
    unpack_answer,
    unpack_gallery,
    unpack_question,
)
from stnet.search.results import Match
from tests.answers import everything

HEAT = np.random.default_rng(0).random((3, 4), dtype=np.float32)
RESULT = SearchResult(
    1, "ü.png", 0.1, 99.9, ((0.1, 0.2, 0.3, 0.4),), HEAT, float(HEAT.max()), {"a": 1}, b"\0\xff", "webp"
)
RESPONSE = SearchResponse(
    *("sketch", "", False, "g", 10, "m", {"total": 1.5}),
    [RESULT, replace(RESULT, rank=2, boxes=(), heatmap=None)],
    match=Match(True, 3.0, 2.0),
    middle=0.123456789,
    guesses=(Guess("cat", 0.3),),
    missing=(2,),
)


def through_json(value):
    return json.loads(json.dumps(value))


def test_an_answer_arrives_to_the_last_bit():
    found = unpack_answer(through_json(pack_answer(RESPONSE)))
    assert everything(found) == everything(RESPONSE)
    assert (found.timings, found.missing, found.guesses) == (RESPONSE.timings, (2,), RESPONSE.guesses)
    assert found.results[0].boxes == RESULT.boxes and found.results[0].heatmap.dtype == np.float32


@pytest.mark.parametrize("change", [{"match": 3}, {"results": [{}]}, {"other": 1}, {"guesses": None}])
def test_what_is_no_answer_is_refused(change):
    with pytest.raises(SearchError, match="gave an answer that isn't one"):
        unpack_answer(pack_answer(RESPONSE) | change)
    with pytest.raises(SearchError, match="gave an answer that isn't one"):
        unpack_answer([change])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_a_picture_arrives_pixel_by_pixel(mode):
    rng = np.random.default_rng(1)
    levels = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
    picture = Image.fromarray(levels)
    picture = picture.convert("I").convert(mode) if mode == "I;16" else picture.convert(mode)
    sent = through_json(pack_question({"sketch": picture, "text": "red"}))
    found = unpack_question(sent, ["sketch", "text"])
    assert found["text"] == "red"
    expected = picture.convert("RGB") if mode == "CMYK" else picture
    np.testing.assert_array_equal(
        np.asarray(found["sketch"].convert("RGBA")), np.asarray(expected.convert("RGBA"))
    )


def test_no_path_is_ever_opened_for_who_asks(tmp_path):
    Image.new("L", (4, 4)).save(tmp_path / "there.png")
    for sent in (str(tmp_path / "there.png"), "AAAA", 3, {"path": "there.png"}):
        with pytest.raises(SearchError, match="The sketch"):
            unpack_question({"sketch": sent}, ["sketch"])
    with pytest.raises(SearchError, match="Expected an object with some of text"):
        unpack_question({"sketch": None}, ["text"])


def test_a_gallery_is_described_without_its_files():
    manifest = Manifest("g", 5, "m", "f" * 64, 64, (4, 5), 16, 8, 512, "jpeg", skipped=2)
    assert unpack_gallery(through_json(pack_gallery(manifest))) == manifest
    with pytest.raises(ValueError, match="expected what a gallery is"):
        unpack_gallery({"name": "g"})
