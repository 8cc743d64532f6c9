"""ZSE-SBIR as a system: distances of retrieval tokens, relations of the nearest, and measuring."""

import pytest
import torch

from stnet.checkpoint import LoadedModel
from stnet.systems.measuring import measure_system, see
from stnet.systems.shared.suite import freeze_suite
from stnet.systems.zse.network import ZseNetwork
from stnet.systems.zse.system import MapsAndPixels, Zse, sizes_of
from tests.evaluation.toys import ToySuite
from tests.systems.toys import loaded_model


@pytest.fixture(scope="module")
def loaded(plain_pool):
    return LoadedModel(plain_pool.model, plain_pool.processor, "toy", "0" * 64)


@pytest.fixture(scope="module")
def network(loaded):
    torch.manual_seed(0)
    return ZseNetwork(sizes_of(loaded.model)).eval()


@torch.inference_mode()
def test_scores_are_distances_and_relations_of_the_nearest_come_first(loaded, network):
    torch.manual_seed(0)
    stored, drawn = torch.randn(5, 112 * 16 + 1280 * 4), torch.randn(2, 3 * 64 * 64 + network.sizes.drawn)
    plain, related = Zse(loaded, network), Zse(loaded, network, related=2)
    index, queries = plain.index(stored), plain.queries(drawn, None)
    far = plain.scores(queries, index)
    for query in range(2):
        for picture in range(5):
            distance = (queries["retrieval"][query] - index[picture, 0]).norm()
            assert far[query, picture].item() == pytest.approx(-distance.item(), rel=1e-3)
    found = related.scores(queries, index)
    for query in range(2):
        nearest = far[query].topk(2).indices.tolist()
        for picture in range(5):
            pair = network.relate(queries["visual"][query][None], index[picture, 1:][None]).item()
            wanted = pair if picture in nearest else far[query, picture].item()
            assert found[query, picture].item() == pytest.approx(wanted, rel=1e-3)
        assert set(found[query].topk(2).indices.tolist()) == set(nearest)


@torch.inference_mode()
def test_it_is_measured_the_same_through_frozen_features(loaded, network, plain_pool):
    system = Zse(loaded, network)
    asked, seen = see([system], ToySuite())
    own = seen[system.encoder]
    frozen = freeze_suite(plain_pool, ToySuite()).seen_by(MapsAndPixels(loaded.model))
    torch.testing.assert_close(frozen.stored, own.stored)
    torch.testing.assert_close(frozen.sketches, own.sketches)
    assert list(measure_system(system, asked, own)["retrieval"]) == ["sketch"]


def test_what_does_not_fit_is_refused(loaded, network, tmp_path):
    with pytest.raises(ValueError, match="drawings alone"):
        Zse(loaded, network).queries(None, ["a word"])
    with pytest.raises(ValueError, match="zse was trained with"):
        Zse(loaded_model(sketch_config=other_drawings()), network)
    with pytest.raises(ValueError, match="related must be a whole number from 0, got -1"):
        Zse.build(loaded, {"related": -1})
    with pytest.raises(ValueError, match="holds no trained ZSE-SBIR"):
        Zse.build(loaded, {"trained": str(tmp_path)})


def other_drawings():
    from transformers import CLIPVisionConfig

    return CLIPVisionConfig(
        image_size=64, patch_size=16, num_channels=1, hidden_size=16, intermediate_size=32,
        num_hidden_layers=1, num_attention_heads=2,
    )  # fmt: skip
