"""Triplets of the shared pool's batches; the loss falls and a seed repeats itself."""

import torch

from stnet.systems.shared.learning import Schedule
from stnet.systems.zse.network import ZseNetwork
from stnet.systems.zse.system import sizes_of
from stnet.systems.zse.training import ZseObjective, train_zse, triplets


def test_negatives_show_nothing_of_the_drawn_category(shared_pool):
    torch.manual_seed(0)
    batch = shared_pool.batch(0)
    asked, positive, negative = triplets(batch)
    assert len(asked) > 0 and torch.equal(positive, batch.query_image[asked])
    for query, other in zip(asked.tolist(), negative.tolist(), strict=True):
        shown = batch.pictures.object_category[other].tolist()
        assert batch.category[query].item() not in shown


def test_it_learns_and_repeats_itself(shared_pool, tmp_path):
    schedule = Schedule(passes=2, learning_rate=1e-3)
    one, same = (train_zse(shared_pool, schedule, 0, tmp_path) for _ in range(2))
    assert all(torch.equal(value, same.state_dict()[name]) for name, value in one.state_dict().items())
    torch.manual_seed(0)
    fresh = ZseNetwork(sizes_of(shared_pool.model)).eval()
    losses = []
    for network in (fresh, ZseNetwork.load(tmp_path)):
        torch.manual_seed(1)
        with torch.no_grad():
            losses.append(float(ZseObjective(network, shared_pool)(shared_pool.batch(0))["loss"]))
    assert losses[1] < losses[0]
