"""One search over three shards: the answer of one machine, and without one that of the others."""

import threading
import time

import numpy as np
import pytest

from stnet.gallery.manifest import GalleryError
from stnet.search import SearchEngine, SearchError
from stnet.search.sharding.engine import NOBODY, ShardedEngine
from tests.answers import everything
from tests.galleries import PHOTOS, drawing, load, make_gallery
from tests.shards import cut


@pytest.fixture(scope="module")
def folder(tiny_checkpoint, tmp_path_factory):
    return make_gallery(tmp_path_factory.mktemp("sharding"), tiny_checkpoint)


@pytest.fixture(scope="module")
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


@pytest.fixture(scope="module")
def whole(tiny_checkpoint, folder):
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


@pytest.fixture
def shards(folder, tmp_path):
    return cut(folder, 3, tmp_path / "shards")


@pytest.fixture
def engine(loaded, shards, tmp_path, whole):
    made = ShardedEngine(loaded, shards, folder=tmp_path, patience=20.0, deadline=60.0)
    made.calibration.keep(whole.calibration.known())
    return made


QUERIES = {
    "both": {"sketch": drawing(), "text": "a red one"},
    "few candidates": {"sketch": drawing(), "text": "a red one", "candidates": 5, "top_k": 5},
    "words": {"text": "left of a green square"},
    "words, few candidates": {"text": "left of a green square", "candidates": 4, "top_k": 4},
    "exhaustive": {"sketch": drawing(), "exhaustive": True, "top_k": 50},
    "not this": {"text": "a red one without a square", "unlike": ["photo-03.png", "photo-20.png"]},
    "several": {"sketch": drawing(), "several": True, "candidates": 9},
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_the_answer_is_that_of_one_machine(engine, whole, query):
    assert everything(engine.search(**query)) == everything(whole.search(**query))


def test_likeness_is_that_of_one_machine(engine, whole, loaded):
    picture = whole.search(text="red").results[0].picture
    for query in (
        {"id": "photo-13.png"},
        {"id": "photo-13.png", "region": [0.1, 0.1, 0.6, 0.7]},
        {"image": picture, "text": "at night"},
    ):
        assert everything(engine.similar(**query)) == everything(whole.similar(**query))


def test_calibration_is_that_of_one_machine(loaded, shards, whole, tmp_path):
    engine = ShardedEngine(loaded, shards, folder=tmp_path)
    engine.calibrate()
    whole.calibrate()
    assert dict(engine.calibration.known().needed) == dict(whole.calibration.known().needed)


def test_equal_scores_are_ordered_as_in_the_whole(engine, whole):
    """Candidates are chosen by row: of pictures that score alike the first ones are taken."""
    ids = [result.id for result in whole.search(text="red", candidates=1, top_k=1).results]
    assert [result.id for result in engine.search(text="red", candidates=1, top_k=1).results] == ids


@pytest.mark.parametrize("method", ["highest", "scores", "records"])
def test_a_shard_that_fails_is_left_out_and_named(engine, shards, whole, method):
    """Wherever on its way a search loses a shard, the answer is the exact one of the others."""
    shards[1].fails = {method, "manifest"}
    # fewer candidates than pictures, or all of them: then no stage chooses
    chosen = {"candidates": 15} if method == "highest" else {"exhaustive": True}
    query = {"sketch": drawing(), "top_k": 12} | chosen
    response = engine.search(**query)
    assert (response.missing, response.gallery_size) == ((1,), PHOTOS - 8)
    assert response.to_dict()["gallery"] == {"name": "gallery", "size": 16, "missing": [1]}
    exact = {one.id: one.score for one in whole.search(drawing(), exhaustive=True, top_k=50).results}
    there = [id for id in exact if not 8 <= int(id[6:8]) < 16]
    found = {one.id: one.score for one in response.results}
    assert found == {id: exact[id] for id in found}
    assert len(set(there[:12]) - found.keys()) <= (method == "highest")
    asked = len(shards[1].asked)
    assert engine.search(**query).missing == (1,)
    assert "highest" not in shards[1].asked[asked:]  # nobody waits for it again
    shards[1].fails = set()
    wait_until(lambda: not engine.missing)
    assert everything(engine.search(**query)) == everything(whole.search(**query))


def wait_until(true):
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_shard_that_hangs_costs_no_more_than_the_patience(loaded, shards, tmp_path, whole):
    engine = ShardedEngine(loaded, shards, folder=tmp_path, patience=2.0, deadline=20.0)
    engine.calibration.keep(whole.calibration.known())
    shards[2].hangs = threading.Event()
    try:
        response = engine.search(drawing())
    finally:
        shards[2].hangs.set()
    assert response.missing == (2,)
    assert 2_000 <= response.timings["total"] < 20_000
    wait_until(lambda: not engine.missing)


def test_without_any_shard_a_search_says_so_in_time(loaded, shards, tmp_path, whole):
    engine = ShardedEngine(loaded, shards, folder=tmp_path, patience=0.05, deadline=1.0)
    engine.calibration.keep(whole.calibration.known())
    released = threading.Event()
    for shard in shards:
        shard.hangs = released
    try:
        with pytest.raises(SearchError, match=NOBODY):
            engine.search(drawing())
    finally:
        released.set()
    wait_until(lambda: not engine.missing)


def test_a_refusal_says_what_was_not_looked_at(engine, shards):
    shards[0].fails = {"find", "records", "manifest"}
    with pytest.raises(SearchError, match=r"No picture .* 'photo-01.png' \(Not looked at: shard 0"):
        engine.similar("photo-01.png")
    assert engine.similar("photo-09.png").missing == (0,)
    with pytest.raises(SearchError, match=r"Draw something or type a few words\."):
        engine.search()
    shards[0].fails = set()
    wait_until(lambda: not engine.missing)


def test_many_searches_at_once_answer_alike(engine, whole):
    expected = everything(whole.search(**QUERIES["few candidates"]))
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(engine.search(**QUERIES["few candidates"])))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [everything(response) for response in found] == [expected] * 8


def test_all_shards_are_needed_to_begin_with(loaded, shards, tmp_path):
    with pytest.raises(GalleryError, match="has 2 shards of 3"):
        ShardedEngine(loaded, shards[:2], folder=tmp_path)
    assert np.sum([shard.manifest.rows for shard in shards]) == PHOTOS
