"""Clusters of retrieval tokens: the relation network ranks what is searched, and nothing else is found."""

import pytest
import torch

from stnet.checkpoint import LoadedModel
from stnet.systems.clusters import NOT_SEARCHED
from stnet.systems.probing import write_probe
from stnet.systems.zse.clusters import ZseClusters
from stnet.systems.zse.network import ZseNetwork
from stnet.systems.zse.system import MapsAndPixels, sizes_of


@pytest.fixture(scope="module")
def system(plain_pool, tmp_path_factory):
    torch.manual_seed(0)
    folder, model = tmp_path_factory.mktemp("zse"), plain_pool.model
    ZseNetwork(sizes_of(model)).save(folder)
    write_probe(folder, MapsAndPixels(model), model)
    loaded = LoadedModel(model, plain_pool.processor, "toy", "0" * 64)
    return ZseClusters.build(loaded, {"trained": str(folder), "clusters": 3, "searched": 1})


@torch.inference_mode()
def test_the_best_cluster_s_pictures_have_the_relation_network_s_scores(system):
    torch.manual_seed(1)
    index = system.index(torch.randn(9, 112 * 16 + 1280 * 4))
    assert sorted(row for rows in index.members for row in rows.tolist()) == list(range(9))
    queries, network = system.queries(torch.randn(2, 3 * 64 * 64 + 1280), None), system.inner.network
    found = system.scores(queries, index)
    for query in range(2):
        drawing = queries["visual"][query][None]
        centres = torch.cat([network.relate(drawing, centre[None, 1:]) for centre in index.centres])
        best = index.members[int(centres.argmax())].tolist()
        for picture in range(9):
            wanted = NOT_SEARCHED
            if picture in best:
                wanted = network.relate(drawing, index.stored[picture, 1:][None]).item()
            assert found[query, picture].item() == pytest.approx(wanted, rel=1e-3)


def test_fields_that_make_no_sense(system, plain_pool):
    loaded = LoadedModel(plain_pool.model, plain_pool.processor, "toy", "0" * 64)
    with pytest.raises(ValueError, match="trained must be text"):
        ZseClusters.build(loaded, {"clusters": 3, "searched": 1})
    with pytest.raises(ValueError, match="no fields scoring"):
        ZseClusters.build(loaded, {"scoring": "x"})
