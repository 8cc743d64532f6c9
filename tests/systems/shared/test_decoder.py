"""The authors' reconstruction: its map's size, and DICE against its closed form and a slow sum."""

import pytest
import torch

from stnet.systems.shared.decoder import ConvolutionalDecoder, dice, redrawing


def test_the_map_is_as_large_as_the_ink_that_it_is_held_to():
    decoder = ConvolutionalDecoder(16)
    assert decoder(torch.randn(3, 16)).shape == (3, 32, 32)
    assert sum(isinstance(part, torch.nn.BatchNorm2d) for part in decoder.modules()) == 8


def test_dice_by_hand():
    ink = torch.zeros(2, 4, 4)
    ink[0, 0] = 1.0
    sure = torch.where(ink > 0, 30.0, -30.0)
    assert dice(sure, ink).item() == pytest.approx(0.0, abs=1e-6)  # blank paper, too
    nothing = torch.full_like(ink, -30.0)
    assert dice(nothing[:1], ink[:1]).item() == pytest.approx(1 - 1 / 5)  # (0 + 1) / (0 + 4 + 1)


def test_dice_and_bce_are_the_slow_sums():
    torch.manual_seed(0)
    logits, ink = torch.randn(3, 5, 5), torch.rand(3, 5, 5)
    share, entropy = 0.0, 0.0
    for row in range(3):
        both = total = 0.0
        for logit, wanted in zip(logits[row].flatten().tolist(), ink[row].flatten().tolist(), strict=True):
            drawn = 1 / (1 + 2.718281828459045**-logit)
            both, total = both + drawn * wanted, total + drawn + wanted
            entropy -= wanted * torch.log(torch.tensor(drawn)).item()
            entropy -= (1 - wanted) * torch.log(torch.tensor(1 - drawn)).item()
        share += 1 - (2 * both + 1) / (total + 1)
    assert dice(logits, ink).item() == pytest.approx(share / 3, rel=1e-5)
    assert redrawing(logits, ink).item() == pytest.approx(share / 3 + entropy / 75, rel=1e-5)
