"""Made features: the statistics they keep, and that a longer file begins as a shorter one."""

import numpy as np
import pytest
import torch

from benchmarks import serving_features
from benchmarks.serving_features import composed, open_features, write_features
from stnet.gallery.centroids import store_centroids
from stnet.gallery.patches import quantize
from stnet.gallery.vectors import overall_vectors
from stnet.model.modeling import STNetModel
from tests.conftest import tiny_config


@pytest.fixture
def originals():
    random = torch.Generator().manual_seed(0)
    things = torch.randn(40, 1, 16, generator=random) + 2
    return things + 0.5 * torch.randn(40, 16, 16, generator=random)


def test_mean_and_covariance_of_the_patches_stay(originals):
    made = torch.cat(list(composed(originals, (4, 4), 2_000)))
    assert made.shape == (2_000, 16, 16)
    ours, theirs = made.flatten(0, 1), originals.flatten(0, 1)
    torch.testing.assert_close(ours.mean(0), theirs.mean(0), atol=0.05, rtol=0)
    torch.testing.assert_close(ours.T.cov(), theirs.T.cov(), atol=0.12, rtol=0)


def test_hardly_any_two_are_the_same_and_more_begin_as_fewer(originals):
    more, fewer = (torch.cat(list(composed(originals, (4, 4), count))) for count in (600, 300))
    assert torch.equal(more[:300], fewer)
    assert len(torch.unique(more.flatten(1), dim=0)) > 570  # of only 40 originals


def test_what_is_written_is_what_opens(tmp_path, originals, monkeypatch):
    monkeypatch.setattr(serving_features, "CHUNK", 7)
    torch.manual_seed(0)
    model = STNetModel(tiny_config()).eval()
    assert list(write_features(tmp_path, model, originals, 18)) == [7, 14, 18]
    pictures = open_features(tmp_path, 10, 16, 16)
    levels, scales = quantize(torch.cat(list(composed(originals, (4, 4), 10))))
    assert len(pictures) == 10
    rows = np.arange(10)
    assert np.array_equal(pictures.store.read_packed(rows)[0], levels)
    for found, expected in zip(pictures.centroids, store_centroids(levels, scales), strict=True):
        assert np.array_equal(found, expected)
    with torch.inference_mode():
        expected = overall_vectors(model, pictures.store.read(rows)).numpy()
    np.testing.assert_allclose(pictures.vectors, expected, atol=1e-5)
    pictures.store.close()
