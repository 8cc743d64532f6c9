"""The maps that are made anew: their size, and L2 against a slow sum and by hand."""

import math

import pytest
import torch

from stnet.systems.duet.generator import MapGenerator, reconstruction


def test_maps_are_as_large_as_those_that_they_are_held_to():
    assert MapGenerator(16, 5, 4)(torch.randn(3, 16)).shape == (3, 5, 4, 4)
    with pytest.raises(ValueError, match="must be even, got 3"):
        MapGenerator(16, 5, 3)


def test_it_is_the_mean_square_to_even_channels():
    torch.manual_seed(0)
    made, wanted = torch.randn(2, 6, 4, 4), 20 * torch.randn(2, 6, 4, 4) + 3
    total = 0.0
    for picture in range(2):
        for row in range(4):
            for column in range(4):
                cell = wanted[picture, :, row, column].tolist()
                mean = sum(cell) / 6
                deviation = math.sqrt(sum((value - mean) ** 2 for value in cell) / 6 + 1e-5)
                for channel, value in enumerate(cell):
                    total += (made[picture, channel, row, column].item() - (value - mean) / deviation) ** 2
    assert reconstruction(made, wanted).item() == pytest.approx(total / made.numel(), rel=1e-5)


def test_nothing_made_loses_the_variance():
    wanted = torch.randn(2, 64, 4, 4)
    assert reconstruction(torch.zeros_like(wanted), wanted).item() == pytest.approx(1.0, rel=1e-3)
