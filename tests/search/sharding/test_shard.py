"""A shard speaks of the whole gallery's rows."""

import numpy as np
import pytest
import torch

from stnet.gallery.gallery import Gallery
from stnet.model.scoring_kernel import PackedQuery, score_packed
from stnet.search.sharding.gallery import ShardedGallery
from stnet.search.sharding.ranking import ShardedRanker
from stnet.search.sharding.shard import Shard
from tests.galleries import load, make_gallery
from tests.shards import cut

QUERY = PackedQuery.of(*np.random.default_rng(0).normal(size=(2, 16)), 0.5)


@pytest.fixture(scope="module")
def whole(tiny_checkpoint, tmp_path_factory):
    return Gallery.open(make_gallery(tmp_path_factory.mktemp("shard"), tiny_checkpoint, count=9))


@pytest.fixture(scope="module")
def shards(whole, tmp_path_factory):
    return cut(whole.folder, 3, tmp_path_factory.mktemp("cut") / "shards")


@pytest.fixture(scope="module")
def shard(shards):
    return Shard.open(shards[1].folder)


@pytest.fixture
def sharded(shards, whole):
    return ShardedGallery(shards, whole.folder, lambda: 30.0)


def test_scores_are_those_of_the_whole(shard, whole):
    levels, scales = whole.patch_store.read_packed(np.arange(9))
    expected = score_packed(
        QUERY, whole.centroids._replace(levels=levels, scales=scales, biases=np.empty((0, 0)))
    )
    np.testing.assert_array_equal(shard.scores(QUERY, None), expected[3:6])
    np.testing.assert_array_equal(shard.scores(QUERY, np.array([4])), expected[4:5])
    by_centroids = score_packed(QUERY, whole.centroids)
    found = shard.highest(QUERY, 2)
    assert list(found.rows) == sorted(3 + np.argsort(-by_centroids[3:6])[:2])
    np.testing.assert_array_equal(found.scores, by_centroids[found.rows])


def test_a_prepared_shard_has_what_its_first_search_needs(shards, monkeypatch):
    made = []
    monkeypatch.setattr("stnet.gallery.gallery.make_sieve", lambda centroids: made.append(centroids))
    fresh = Shard.open(shards[1].folder)
    fresh.prepare()
    assert len(made) == 1
    fresh.highest(QUERY, 2)
    assert len(made) == 1


def test_records_and_ids_are_those_of_the_whole(shard, whole):
    (record,) = shard.records(np.array([5]))
    assert (record.row, record.id, record.picture) == (5, whole.id(5), whole.picture_bytes(5))
    assert shard.find(["photo-05.png", "photo-06.png"]) == {"photo-05.png": 5}
    np.testing.assert_array_equal(shard.features(np.array([4])).levels, record_levels(whole, 4))


def record_levels(gallery, row):
    return gallery.patch_store.read_packed(np.array([row])).levels


def test_a_gallery_in_shards_is_the_whole_one(sharded, whole):
    assert (len(sharded), sharded.name, list(sharded.rows)) == (9, "gallery", list(range(9)))
    rows = np.array([8, 0, 4, 4])
    assert sharded.ids(rows) == whole.ids(rows)
    assert sharded.patch_features(rows).equal(whole.patch_features(rows))
    assert (sharded.row("photo-07.png"), sharded.has("photo-07.png"), sharded.has("no")) == (7, True, False)
    for row in (0, 8):
        assert sharded.id(row) == whole.id(row)
        assert (sharded.size(row), sharded.metadata(row)) == (whole.size(row), whole.metadata(row))
        assert sharded.picture(row).tobytes() == whole.picture(row).tobytes()
        np.testing.assert_array_equal(sharded.vector(row), whole.vector(row))
    for mine, theirs in zip(
        sharded.nearest(whole.vector(2), 4), whole.nearest(whole.vector(2), 4), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)
    for nobody in ("no", 3):
        with pytest.raises(ValueError, match="No picture of the gallery"):
            sharded.row(nobody)


def test_what_was_fetched_is_not_fetched_again(sharded, shards):
    for shard in shards:
        shard.asked.clear()
    sharded.ids(np.array([0, 1]))
    sharded.patch_features(np.array([1]))
    sharded.picture_bytes(0)
    assert [shard.asked for shard in shards] == [["records"], [], []]


@torch.inference_mode()
def test_a_ranker_of_shards_wants_a_gallery_in_shards(whole, sharded, tiny_checkpoint):
    model = load(tiny_checkpoint).model
    with pytest.raises(ValueError, match="expected a gallery in shards, got Gallery"):
        ShardedRanker(model, whole)
    ranker = ShardedRanker(model, sharded)
    rows = np.array([1, 2, 7])
    assert ranker.patches(rows).equal(whole.patch_features(rows))
    assert ranker.scores(None, np.empty(0, np.int64)).shape == (0,)
