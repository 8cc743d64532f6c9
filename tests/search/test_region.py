import numpy as np
import pytest
import torch

from stnet.search import SearchEngine, SearchError
from stnet.search.region import check_region, region_sketch, region_weights
from tests.galleries import make_gallery


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    return SearchEngine.from_pretrained(
        tiny_checkpoint, make_gallery(tmp_path_factory.mktemp("region"), tiny_checkpoint), "cpu"
    )


def test_weights_are_the_shares_of_the_region_on_each_patch():
    weights = region_weights((0.0, 0.5, 0.75, 1.0), (2, 2)).reshape(2, 2)
    assert torch.allclose(weights, torch.tensor([[0.0, 0.0], [2 / 3, 1 / 3]]))
    assert torch.allclose(region_weights((0, 0, 1, 1), (3, 4)), torch.full((12,), 1 / 12))


def test_the_sketch_of_one_patch_is_that_patch_less_half_of_what_the_picture_shows():
    patches = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))
    sketch = region_sketch(patches, (0.5, 0.0, 1.0, 0.5), (2, 2))
    assert torch.allclose(sketch, patches[1] - patches.mean(0) / 2)


def test_the_sketch_of_the_whole_picture_has_the_direction_of_its_mean():
    patches = torch.randn(4, 6, generator=torch.Generator().manual_seed(1))
    sketch = region_sketch(patches, (0.0, 0.0, 1.0, 1.0), (2, 2))
    assert torch.allclose(sketch / sketch.norm(), patches.mean(0) / patches.mean(0).norm())


@pytest.mark.parametrize(
    "region", [[0, 0, 1], "0,0,1,1", [0, 0, 2, 1], [0, 0, float("nan"), 1], [0.5, 0.5, 0.5, 1], [1, 0, 0, 1]]
)
def test_what_is_no_region_is_refused(region):
    with pytest.raises(SearchError, match="region"):
        check_region(region)


def test_a_region_is_searched_by_the_papers_score_with_its_patches_as_sketch(engine):
    region, gallery = (0.1, 0.2, 0.6, 0.9), engine.gallery
    response = engine.similar(gallery.id(3), 50, region)
    assert response.mode == "similar"
    assert gallery.id(3) not in [result.id for result in response.results]
    assert all(result.heatmap is not None and result.box is not None for result in response.results)

    patches = gallery.patch_features(np.arange(len(gallery))).double()
    sketch = region_weights(region, gallery.manifest.grid).double() @ patches[3]
    sketch = sketch - patches[3].mean(0) / 2
    attention = torch.softmax(patches @ sketch / engine.loaded.model.temperature.double(), dim=-1)
    localized = torch.einsum("np,npd->nd", attention, patches)
    query = sketch * engine.loaded.model.neutral_text.double()
    expected = torch.cosine_similarity(localized, query[None], dim=-1).detach()
    for result in response.results:
        assert result.score == pytest.approx(float(expected[gallery.row(result.id)]), abs=1e-4)
    assert response.middle <= response.results[0].score


def test_a_gallery_of_one_picture_has_nothing_like_it(tiny_checkpoint, tmp_path):
    folder = make_gallery(tmp_path, tiny_checkpoint, count=1)
    engine = SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")
    assert engine.similar(engine.gallery.id(0), 5, (0, 0, 1, 1)).results == []
    assert engine.similar(engine.gallery.id(0), 5).results == []
