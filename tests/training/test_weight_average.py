"""The moving average of the weights: its decay, its warm-up, and what is no weight."""

import pytest
import torch
from torch import nn

from stnet.training.weight_average import WeightAverage


def filled(module, value):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(value)
    return module


def test_it_moves_by_the_decay():
    module = filled(nn.Linear(2, 1), 1.0)
    average = WeightAverage(module, decay=0.9)
    average.update(filled(module, 2.0), step=1_000)
    assert average.weights["weight"].tolist() == [[pytest.approx(1.1), pytest.approx(1.1)]]
    average.update(filled(module, 2.0), step=1_001)
    assert average.weights["bias"].tolist() == [pytest.approx(1.19)]
    assert not average.weights["weight"].requires_grad and module.weight[0, 0] == 2.0


def test_a_short_run_forgets_its_start():
    module = filled(nn.Linear(2, 1), 1.0)
    average = WeightAverage(module, decay=0.9999)
    average.update(filled(module, 2.0), step=1)  # (1 + 1) / (10 + 1) of the start is left
    assert average.weights["bias"].item() == pytest.approx(2 - 2 / 11)
    for step in range(2, 30):
        average.update(module, step)
    assert average.weights["bias"].item() > 1.99


def test_batch_norms_are_averaged_and_counters_copied():
    module = nn.BatchNorm1d(1, momentum=1.0)
    average = WeightAverage(module, decay=0.5)
    for step in (100, 101):
        module(torch.tensor([[3.0], [5.0]]))
        average.update(module, step)
    assert average.weights["running_mean"].item() == pytest.approx(0 * 0.25 + 4 * 0.75)
    assert average.weights["num_batches_tracked"].item() == 2


def test_what_stands_still_stays_exactly():
    module = nn.Linear(5, 5)
    average = WeightAverage(module, decay=0.7)
    for step in range(1, 50):
        average.update(module, step)
    assert torch.equal(average.weights["weight"], module.weight)


def test_it_goes_on_from_what_was_kept():
    module = filled(nn.Linear(2, 1), 1.0)
    kept = {name: value + 1 for name, value in module.state_dict().items()}
    average = WeightAverage(module, decay=0.5)
    average.load(kept)
    average.update(module, step=100)
    assert average.weights["bias"].item() == 1.5 and kept["bias"].item() == 2.0
    with pytest.raises(ValueError, match="of other weights"):
        average.load({"weight": kept["weight"]})
