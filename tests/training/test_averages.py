"""Averages over steps: what can't be measured at some step doesn't count at that step."""

import torch

from stnet.training.averages import Averages


def alone(sums):
    return sums


def test_means_are_over_the_steps_since_the_last_line():
    averages = Averages()
    for loss in (1.0, 2.0, 6.0):
        averages.add({"loss": torch.tensor(loss), "hits": torch.tensor(0.5)})
    assert averages.take(alone) == {"loss": 3.0, "hits": 0.5}
    averages.add({"loss": torch.tensor(7.0)})
    assert averages.take(alone) == {"loss": 7.0}
    assert averages.take(alone) == {}


def test_processes_share_their_sums_and_counts():
    averages, seen = Averages(), []

    def with_another(sums):  # whose only step had a loss of 6, and nothing to measure
        seen.append(sums)
        return sums + torch.tensor([6.0, 0.0, 1.0, 0.0])

    for loss in (1.0, 2.0):
        averages.add({"loss": torch.tensor(loss), "hits": torch.tensor(0.5)})
    assert averages.take(with_another) == {"loss": 3.0, "hits": 0.5}
    assert len(seen) == 1  # one exchange for all


def test_what_is_no_number_does_not_count():
    averages = Averages()
    for hits, never in ((0.5, torch.nan), (torch.nan, torch.nan), (1.0, torch.nan)):
        averages.add({"hits": torch.tensor(hits), "never": torch.tensor(never)})
    assert averages.take(alone) == {"hits": 0.75, "never": None}


def test_an_infinite_loss_is_no_mean():
    averages = Averages()
    averages.add({"loss": torch.tensor(torch.inf)})
    assert averages.take(alone) == {"loss": None}


def test_no_graph_is_kept():
    averages, kept = Averages(), []

    def look(sums):
        kept.append(sums.requires_grad)
        return sums

    averages.add({"loss": torch.ones((), requires_grad=True) * 2})
    assert averages.take(look) == {"loss": 2.0}
    assert kept == [False]
