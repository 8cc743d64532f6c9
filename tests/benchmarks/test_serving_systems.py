"""Every way to search against the plain reference, on pictures of which one answers clearly."""

import numpy as np
import pytest
import torch

from benchmarks.serving import SYSTEMS
from benchmarks.serving_features import Pictures
from benchmarks.serving_systems import SHOWN, Asked, Exhaustive, NaiveTorch, TwoStage, best
from stnet.gallery.centroids import store_centroids
from stnet.gallery.manifest import PATCHES_NAME, SCALES_NAME
from stnet.gallery.patches import PatchStore, quantize
from stnet.model.scoring_reference import reference_scores

ROWS, PATCHES, DIMENSION = 150, 9, 16


@pytest.fixture
def asked():
    sketch, query = np.random.default_rng(1).normal(size=(2, DIMENSION)).astype(np.float32)
    return Asked(sketch, query, 2.0)


@pytest.fixture
def pictures(tmp_path, asked):
    """Picture 77 is all that is asked for."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(ROWS, 1, DIMENSION)) + 0.3 * rng.normal(size=(ROWS, PATCHES, DIMENSION))
    features[77] = asked.query
    levels, scales = quantize(torch.from_numpy(features))
    (tmp_path / PATCHES_NAME).write_bytes(levels.tobytes())
    (tmp_path / SCALES_NAME).write_bytes(scales.tobytes())
    means = features.mean(1)
    vectors = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    store = PatchStore(tmp_path, ROWS, PATCHES, DIMENSION)
    yield Pictures(store, store_centroids(levels, scales), vectors)
    store.close()


@pytest.mark.parametrize("kind", SYSTEMS, ids=lambda kind: kind.__name__)
def test_each_finds_what_is_asked_for(kind, pictures, asked):
    system = kind(pictures, 2)
    found = system.search(asked)
    assert found[0] == 77 and len(set(found)) == SHOWN
    assert system.bytes_read() > 0


def test_the_exhaustive_ones_rank_as_the_reference(pictures, asked):
    patches = pictures.store.read(np.arange(ROWS)).numpy()
    scores = reference_scores(asked.sketch, asked.query, patches, asked.temperature)
    for kind in (Exhaustive, NaiveTorch):
        assert kind(pictures, 2).search(asked).tolist() == np.argsort(-scores)[:SHOWN].tolist()


def test_few_candidates_read_few_bytes(pictures, asked):
    few, all_of_them = TwoStage(pictures, 1, pool=20), TwoStage(pictures, 1)
    assert len(few.candidates(asked)) == 20 and 77 in few.candidates(asked)
    picture = PATCHES * (DIMENSION + 4)
    assert all_of_them.bytes_read() == Exhaustive(pictures, 1).bytes_read() == ROWS * picture
    assert few.bytes_read() == 20 * picture + ROWS * 8 * (DIMENSION + 4 + 4)  # a scale and a bias a centroid


def test_equal_ones_keep_their_order():
    assert best(np.array([1, 3, 3, 2.0]), np.array([5, 9, 11, 40])).tolist() == [9, 11, 40, 5]
