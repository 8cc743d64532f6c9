"""``python -m benchmarks.training_speed``: samples a second of the stages, as ratios to float32 at batch 32.

Every row trains the model of a configuration from random weights for a few seconds at full picture size: with
batches that are ready (what the model can do) or made meanwhile by one worker process (what a run gets).
Samples are pictures, in the sketch stage sketches. `benchmarks.composition_speed` measures the scenes alone.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import torch

from stnet.training.batches.batch import Batch
from stnet.training.build import build_stage
from stnet.training.config import TrainConfig
from stnet.training.loop import WeighedLosses, parameter_groups
from stnet.training.stages.base import Stage

CONFIGS = ("1-sketch", "2-joint")
READY_BATCHES = 3
WARM_UP = 2  # steps: kernels are chosen and memory is reserved on first use


@dataclass(frozen=True)
class Setting:
    """One row: how the step runs, and where its batches come from."""

    batch_size: int
    precision: str
    ready: bool


PEER = Setting(32, "float32", True)
SETTINGS = (
    PEER,
    replace(PEER, precision="bfloat16"),
    replace(PEER, batch_size=128),
    replace(PEER, batch_size=128, precision="bfloat16"),
    replace(PEER, precision="bfloat16", ready=False),
)


def _batches(stage: Stage[Any], ready: bool, device: torch.device) -> Iterator[Batch]:
    stream = iter(stage.batches(0, 0))
    for batch in cycle(list(islice(stream, READY_BATCHES))) if ready else stream:
        yield batch.to(device)


def measure(config: TrainConfig, setting: Setting, seconds: float) -> tuple[float, float]:
    """Train for `seconds`: samples a second by the clock, and milliseconds of CPU a sample in this process.

    Raises:
        ValueError: if data that the configuration names is missing, or it has no losses.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    workers = 0 if setting.ready else 1
    # weights say nothing about speed: a run that starts from another's is measured without it
    stage = build_stage(replace(config, start={}, batch_size=setting.batch_size, workers=workers))
    stage.set_progress(1.0)
    module = WeighedLosses(stage.to(device).train(), config.weights)
    optimizer = torch.optim.AdamW(parameter_groups(stage, config.weight_decay), lr=1e-5)
    batches = _batches(stage, setting.ready, device)

    def step() -> None:
        with torch.autocast(device.type, torch.bfloat16, enabled=setting.precision == "bfloat16"):
            total, _ = module(next(batches))
        total.backward()
        optimizer.step()
        optimizer.zero_grad()
        float(total.detach())  # waits for the device

    for _ in range(WARM_UP):
        step()
    begin, begin_cpu, steps = time.perf_counter(), time.process_time(), 0
    while steps == 0 or time.perf_counter() < begin + seconds:
        step()
        steps += 1
    samples = steps * setting.batch_size
    elapsed, spent = time.perf_counter() - begin, time.process_time() - begin_cpu
    return samples / elapsed, 1000 * spent / samples


def table(config: TrainConfig, settings: Sequence[Setting], seconds: float) -> str:
    """A Markdown table of one stage; ratios are to its first setting."""
    lines = [
        f"| {config.stage} stage | batch | batches | samples/s | ratio | CPU ms a sample |",
        "|---|---:|---|---:|---:|---:|",
    ]
    peer = 0.0
    for setting in settings:
        rate, spent = measure(config, setting, seconds)
        peer = peer or rate
        made = "ready" if setting.ready else "made meanwhile"
        lines.append(
            f"| {setting.precision} | {setting.batch_size} | {made} "
            f"| {rate:.1f} | {rate / peer:.2f} | {spent:.1f} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_speed", description=__doc__)
    default = [Path("configs/reference") / f"{name}.yaml" for name in CONFIGS]
    parser.add_argument("--configs", type=Path, nargs="+", default=default, metavar="FILE.yaml")
    parser.add_argument("--seconds", type=float, default=10.0, help="of training a row (10)")
    options = parser.parse_args(arguments)
    if options.seconds <= 0:
        parser.error("--seconds must be positive")
    try:
        for path in options.configs:
            config = TrainConfig.read(path)
            if config.threads:
                torch.set_num_threads(config.threads)
            print(table(config, SETTINGS, options.seconds), end="\n\n", flush=True)
    except (ValueError, OSError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
