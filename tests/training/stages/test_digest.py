"""A frozen copy gives the same and stays apart; a digest follows the weights."""

import torch

from stnet.model.towers.efficientnet_lite import EfficientNetLite
from stnet.training.stages.digest import digest, frozen


@torch.no_grad()
def test_a_frozen_copy_gives_the_same_and_stays_apart():
    torch.manual_seed(0)
    network = EfficientNetLite()
    copied, pixels = frozen(network), torch.rand(1, 3, 64, 64)
    before = [part.clone() for part in copied(pixels)]
    for own, other in zip(network.eval()(pixels), before, strict=True):
        assert torch.allclose(own, other, atol=1e-4)
    for parameter in network.parameters():
        parameter.zero_()
    assert all(torch.equal(now, then) for now, then in zip(copied(pixels), before, strict=True))


@torch.no_grad()
def test_a_digest_follows_the_weights():
    layer = torch.nn.Linear(3, 2)
    first = digest(layer)
    assert digest(layer) == first
    layer.bias[0] += 1
    assert digest(layer) != first
