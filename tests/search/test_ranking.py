from types import SimpleNamespace

import numpy as np
import pytest
import torch

from stnet.gallery.clustering import weighted_centroids
from stnet.gallery.gallery import Gallery
from stnet.model.scoring_reference import reference_scores
from stnet.search import SearchError
from stnet.search.encoding import Vectors
from stnet.search.ranking import Best, Ranker, pool_size, rank
from tests.galleries import PHOTOS, load, make_gallery


class Pictures(SimpleNamespace):
    """As much of a gallery as ranking asks for."""

    def __len__(self):
        return self.size

    def id(self, row):
        return f"{row:03d}"

    def ids(self, rows):
        return [self.id(row) for row in rows]


GALLERY = Pictures(size=10)


def test_the_best_come_first_and_equal_ones_by_their_ids():
    scores = np.array([0.2, 0.9, 0.5, 0.9, 0.1], dtype=np.float32)
    ranked = rank(GALLERY, np.array([8, 7, 5, 3, 1]), scores, 3)
    assert ranked.rows.tolist() == [3, 7, 5]
    assert ranked.scores.tolist() == pytest.approx([0.9, 0.9, 0.5])
    # of ten pictures, two score at least 0.9, three at least 0.5; what wasn't scored counts as lower
    assert ranked.percentiles.tolist() == [80.0, 80.0, 70.0]
    assert ranked.middle == pytest.approx(0.5)  # of all five, not of those that are shown
    assert ranked.best == Best(3, pytest.approx(0.9))


def test_of_no_picture_nothing_is_ranked():
    ranked = rank(GALLERY, np.empty(0, np.int64), np.empty(0, np.float32), 3)
    assert ranked.rows.size == ranked.percentiles.size == ranked.middle == 0


@pytest.mark.parametrize(
    ("candidates", "exhaustive", "size"),
    [(None, False, 10), (4, False, 5), (7, False, 7), (99, False, 10), (1, True, 10)],
)
def test_candidates_are_at_least_the_results_and_at_most_all(candidates, exhaustive, size):
    assert pool_size(candidates, 5, GALLERY, exhaustive=exhaustive) == size


@pytest.mark.parametrize("size", [1_001, 100_000, 100_000_000])
def test_so_many_are_scored_whatever_the_gallerys_size(size):
    assert pool_size(None, 5, Pictures(size=size), exhaustive=False) == 1_000
    with pytest.raises(SearchError, match="positive whole number, got 0"):
        pool_size(0, 5, GALLERY, exhaustive=False)


@pytest.fixture(scope="module")
def gallery(tiny_checkpoint, tmp_path_factory):
    opened = Gallery.open(make_gallery(tmp_path_factory.mktemp("ranking"), tiny_checkpoint))
    yield opened
    opened.close()


@pytest.fixture
def drawn():
    random = torch.Generator().manual_seed(3)
    sketch, query = torch.randn(2, 16, generator=random)
    return Vectors(sketch, query, sketch)


@torch.inference_mode()
def test_candidates_are_the_best_by_the_score_on_weighted_centroids(tiny_checkpoint, gallery, drawn):
    model = load(tiny_checkpoint).model
    means, sizes = weighted_centroids(gallery.patch_features(np.arange(PHOTOS)).numpy())
    expected = reference_scores(
        drawn.sketch.numpy(), drawn.query.numpy(), means, float(model.temperature), sizes
    )
    for count in (1, 5, 20):  # rounding to 8 bits may swap neighbours
        found = Ranker(model, gallery).candidates(drawn, count)
        assert len(set(found)) == count and (np.diff(found) > 0).all()
        assert expected[found].min() >= np.sort(expected)[-count] - 4e-3


@torch.inference_mode()
def test_the_kernel_and_the_float64_reference_score_alike(tiny_checkpoint, gallery, drawn):
    model, rows = load(tiny_checkpoint).model, np.array([0, 3, 4, 20])
    expected = reference_scores(
        drawn.sketch.numpy(),
        drawn.query.numpy(),
        gallery.patch_features(rows).numpy(),
        float(model.temperature),
    )
    found = Ranker(model, gallery).scores(drawn, rows)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert Ranker(model, gallery).scores(drawn, rows[:0]).shape == (0,)
