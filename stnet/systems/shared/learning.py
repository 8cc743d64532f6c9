"""One loop and one budget for every trained system: all batches of the shared pool, in the seed's order."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.systems.shared.pool import SharedPool
from stnet.training.averages import Averages
from stnet.training.batches.batch import QueryBatch
from stnet.training.config import RunError
from stnet.training.loop import learning_rate_factor, parameter_groups

LOG_NAME = "log.jsonl"
LOG_EVERY = 20


class Objective(nn.Module):
    """What learns: its forward turns a batch into values by name, of which "loss" is the one to lower."""

    def forward(self, batch: QueryBatch) -> dict[str, Tensor]:
        """Scalars by name."""
        raise NotImplementedError


@dataclass(frozen=True)
class Schedule:
    """How a system goes through the batches.

    Attributes:
        passes: how often through all of them.
        warmup: share of the run in which the rate rises, in 0..1; then it falls by a cosine to `final_rate`
            of `learning_rate`.
    """

    passes: int = 1
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    warmup: float = 0.05
    final_rate: float = 0.02
    gradient_clip: float = 2.0

    def __post_init__(self) -> None:
        for name in ("passes", "learning_rate", "gradient_clip"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")


def read_schedule(fields: object) -> Schedule:
    """The schedule of a configuration's field; its defaults for None.

    Raises:
        ValueError: if it isn't a mapping, or has a field that doesn't exist or makes no sense.
    """
    if fields is None:
        return Schedule()
    if not isinstance(fields, dict):
        raise ValueError(f"schedule must hold fields, got {fields!r}")
    try:
        return Schedule(**fields)
    except TypeError as error:
        raise ValueError(f"schedule: {error}") from error


def learn(objective: Objective, pool: SharedPool, schedule: Schedule, seed: int, folder: Path) -> None:
    """Train what of the objective learns, and write its log into the folder.

    Raises:
        RunError: if the loss stops being a number.
    """
    torch.manual_seed(seed)
    objective.train()
    groups = parameter_groups(objective, schedule.weight_decay)
    optimizer = torch.optim.AdamW(groups, lr=schedule.learning_rate)
    averages, lines, steps = Averages(), [], schedule.passes * len(pool)
    learned = [parameter for group in groups for parameter in group["params"]]
    for step, batch in enumerate(tqdm(_batches(pool, schedule, seed), total=steps, mininterval=5), 1):
        factor = learning_rate_factor((step - 1) / steps, schedule.warmup, schedule.final_rate)
        for group in optimizer.param_groups:
            group["lr"] = schedule.learning_rate * factor
        values = objective(batch)
        optimizer.zero_grad()
        values["loss"].backward()
        torch.nn.utils.clip_grad_norm_(learned, schedule.gradient_clip)
        optimizer.step()
        averages.add(values)
        if step % LOG_EVERY == 0 or step == steps:
            means = averages.take(lambda sums: sums)
            if means["loss"] is None:
                raise RunError(f"the loss is no number after {step} steps: lower the learning_rate")
            lines.append({"step": step, **means})
    objective.eval()
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join(map(json.dumps, lines))
    (folder / LOG_NAME).write_text(text + "\n", encoding="utf-8")


def _batches(pool: SharedPool, schedule: Schedule, seed: int) -> Iterator[QueryBatch]:
    order = np.random.default_rng(seed)
    for _ in range(schedule.passes):
        for number in order.permutation(len(pool)).tolist():
            yield pool.batch(number)
