"""The one loop: every batch once a pass, in the seed's order, and a log."""

import json

import pytest
import torch

from stnet.systems.shared.learning import Objective, Schedule, learn, read_schedule
from stnet.training.config import RunError


class Seen(Objective):
    """Remembers what it sees; its loss is a number that falls."""

    def __init__(self, worth=1.0):
        super().__init__()
        self.seen, self.worth = [], worth
        self.number = torch.nn.Parameter(torch.tensor(1.0))

    def forward(self, batch):
        self.seen.append((*batch.answers.shape, int(batch.sketch_rows.sum())))
        return {"loss": self.number**2 * self.worth, "other": torch.tensor(2.0)}


def seen_with(pool, seed, folder, passes=1):
    objective = Seen()
    learn(objective, pool, Schedule(passes=passes), seed, folder)
    assert not objective.training
    return objective


def test_every_batch_once_a_pass_in_the_seed_s_order(shared_pool, tmp_path):
    first, again, other = (seen_with(shared_pool, seed, tmp_path).seen for seed in (0, 0, 1))
    assert first == again != other and sorted(first) == sorted(other)
    assert len(first) == len(set(first)) == len(shared_pool)
    twice = seen_with(shared_pool, 0, tmp_path, passes=2)
    assert twice.seen[: len(first)] == first and sorted(twice.seen[len(first) :]) == sorted(first)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2 * len(first)] and lines[0]["other"] == 2.0
    assert lines[0]["loss"] < 1 and float(twice.number.detach()) < 1


def test_a_loss_that_is_no_number_ends_the_run(shared_pool, tmp_path):
    with pytest.raises(RunError, match="the loss is no number after 6 steps"):
        learn(Seen(float("nan")), shared_pool, Schedule(), 0, tmp_path)


@pytest.mark.parametrize(
    ("fields", "message"),
    [(3, "must hold fields, got 3"), ({"pace": 1}, "pace"), ({"passes": 0}, "passes must be positive")],
)
def test_schedules_that_make_no_sense(fields, message):
    with pytest.raises(ValueError, match=message):
        read_schedule(fields)
    assert read_schedule(None) == Schedule() and read_schedule({"passes": 2}).passes == 2
