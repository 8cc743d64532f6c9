"""Folded batch norms give the same numbers."""

import pytest
import torch
from torch import nn

from stnet.model.towers.efficientnet_lite import EfficientNetLite
from stnet.model.towers.folding import fold_batch_norms


def network():
    torch.manual_seed(0)
    network = EfficientNetLite()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.2, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.2, 0.2)
    return network


@torch.no_grad()
def test_the_maps_stay_and_no_batch_norm_is_left():
    plain = network().eval()
    pixels = torch.randn(1, 3, 64, 64)
    expected = plain(pixels)
    folded = fold_batch_norms(plain)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    for own, map_ in zip(folded(pixels), expected, strict=True):
        assert torch.allclose(own, map_, rtol=1e-3, atol=1e-4)
    assert fold_batch_norms(folded) is folded


def test_what_still_learns_is_not_folded():
    with pytest.raises(ValueError, match="call eval"):
        fold_batch_norms(network())
