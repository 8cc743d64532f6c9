"""The loop every stage runs in: accelerate's devices and precision, one schedule, a log, a checkpoint."""

import json
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.training.averages import Averages
from stnet.training.batches.batch import Batch
from stnet.training.config import RunError, TrainConfig
from stnet.training.device import accelerator
from stnet.training.plots.drawing import LOG_NAME, plot
from stnet.training.saves import damaged, read_state, write_checkpoint, write_state
from stnet.training.stages.base import Stage
from stnet.training.weight_average import WeightAverage


def learning_rate_factor(progress: float, warmup: float, final: float) -> float:
    """Linear warm-up, then a cosine down to `final`. progress in 0..1 -> factor in 0..1"""
    if progress < warmup:
        return max(progress / warmup, 1e-3)
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warmup) / (1 - warmup))))
    return final + (1 - final) * cosine


class StepError(RuntimeError):
    """A fault inside a step of training: nothing that a person could mend, so it ends with its traceback."""


class Clock:
    """Progress in 0..1 by steps or minutes, whichever is further; minutes count from the run's start."""

    def __init__(self, config: TrainConfig) -> None:
        self.steps, self.minutes = config.steps, config.minutes
        self.step = 0
        self.elapsed = 0.0
        self._started = time.monotonic()

    def restore(self, step: int, elapsed: float) -> None:
        """Go on where an earlier process of this run stopped (elapsed in seconds)."""
        self.step, self._started = step, time.monotonic() - elapsed

    def progress(self) -> float:
        self.elapsed = time.monotonic() - self._started
        by_time = self.elapsed / (self.minutes * 60) if self.minutes else 0.0
        return min(1.0, max(self.step / self.steps, by_time))


def parameter_groups(
    module: nn.Module, weight_decay: float, slow: Mapping[nn.Module | nn.Parameter, float] | None = None
) -> list[dict[str, Any]]:
    """Weight decay for matrices and kernels only; none for biases, norms, scales and neutral vectors.

    Args:
        slow: part of the module -> factor on its learning rate, as the group's "factor"; 1 for all else.
    """
    factors: dict[int, float] = {}
    for part, factor in (slow or {}).items():
        inside = part.parameters() if isinstance(part, nn.Module) else [part]
        factors |= {id(parameter): factor for parameter in inside}
    trained = [p for p in module.parameters() if p.requires_grad]
    return [
        {
            "params": [p for p in trained if factors.get(id(p), 1.0) == factor and (p.ndim >= 2) == decays],
            "weight_decay": weight_decay if decays else 0.0,
            "factor": factor,
        }
        for factor in sorted({1.0, *factors.values()}, reverse=True)
        for decays in (True, False)
    ]


class WeighedLosses(nn.Module):
    """A stage's losses and their weighed sum: the sum alone has gradients, so that DDP sees what is used."""

    def __init__(self, stage: Stage[Any], weights: dict[str, float]) -> None:
        super().__init__()
        self.stage, self.weights = stage, weights

    def forward(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """-> the weighed sum, and every loss and measure by name

        Raises:
            RunError: if the weights name a loss that the stage hasn't, or none at all.
        """
        losses = self.stage(batch)
        unknown = sorted(self.weights.keys() - losses.keys())
        if unknown or not self.weights:
            raise RunError(f"weights name {unknown or 'no losses'}; this run has {', '.join(losses)}")
        total = torch.stack([losses[name] * weight for name, weight in self.weights.items()]).sum()
        return total, {name: value.detach() for name, value in losses.items()}


class Trainer:
    """Runs one stage to its end; killed, it goes on from its last save."""

    def __init__(self, stage: Stage[Any], config: TrainConfig) -> None:
        self.config = config
        if torch.cuda.is_available():
            torch.set_float32_matmul_precision("high")  # TensorFloat-32 where mixed precision leaves float32
        self.accelerator = accelerator(config.mixed_precision)
        self.stage = stage
        stage.train()  # a model that was loaded is in evaluation mode: its batch norms would stand still
        for module in stage.modules():
            parameters = list(module.parameters())
            if parameters and not any(parameter.requires_grad for parameter in parameters):
                module.eval()  # what is frozen keeps its batch norms' statistics, too
        slow = {stage.part(path, "slow"): factor for path, factor in config.slow.items()}
        optimizer = torch.optim.AdamW(
            parameter_groups(stage, config.weight_decay, slow), lr=config.learning_rate, betas=(0.9, 0.98)
        )
        self.module, self.optimizer = self.accelerator.prepare(
            WeighedLosses(stage, config.weights), optimizer
        )
        self.average = WeightAverage(stage, config.ema) if config.ema else None
        self.clock = Clock(config)
        self.folder = Path(config.output)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._averages = Averages()
        self._last_loss: Tensor | None = None
        self._last_save = time.monotonic()
        self._resume()

    def run(self) -> None:
        """Train until steps or minutes are used up, then save.

        Raises:
            RunError: if the weights don't name the losses, or the loss stops being a number.
            StepError: if a step fails in another way.
            OSError: if the checkpoint can't be written.
        """
        bar = tqdm(
            total=100,
            desc=self.config.stage,
            unit="%",
            mininterval=5,
            disable=not self.accelerator.is_main_process,
        )
        batches = self._device_batches()
        while True:
            progress, save_is_due = self._agreed()
            if progress >= 1.0:
                break
            bar.update(int(progress * 100) - bar.n)
            try:
                self._step(batches, progress)
            except RunError:
                raise
            except (ValueError, OSError) as error:  # commands would take it for what a person can mend
                raise StepError(
                    f"step {self.clock.step} failed; {self.folder} keeps its last save"
                ) from error
            if save_is_due:
                self.save()
        bar.close()
        self.save()

    def _agreed(self) -> tuple[float, bool]:
        """The main process's progress, and whether it is time to save: all processes do both at one step."""
        due = time.monotonic() - self._last_save > self.config.save_minutes * 60
        values = torch.tensor([self.clock.progress(), float(due)], device=self.accelerator.device)
        if self.accelerator.num_processes > 1:
            torch.distributed.broadcast(values, src=0)
        return float(values[0]), bool(values[1])

    def _step(self, batches: Iterator[Batch], progress: float) -> None:
        config = self.config
        self.stage.set_progress(progress)
        rate = config.learning_rate * learning_rate_factor(progress, config.warmup_share, config.final_rate)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        # dropout, too, depends on the step alone: a run that goes on drops what it would have dropped
        seed = np.random.SeedSequence([config.seed, self.accelerator.process_index, self.clock.step])
        torch.manual_seed(int(seed.generate_state(1)[0]))
        for number in range(config.accumulate):
            last = number + 1 == config.accumulate
            # processes exchange gradients once a step, after its last batch
            with nullcontext() if last else self.accelerator.no_sync(self.module):
                total, losses = self.module(next(batches))
                self.accelerator.backward(total / config.accumulate)
            self._averages.add({"loss": total, **losses})
            self._last_loss = total.detach()
        norm = self.accelerator.clip_grad_norm_(self.module.parameters(), config.gradient_clip)
        self._averages.add({"gradient_norm": norm})
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.clock.step += 1
        if self.average:
            self.average.update(self.stage, self.clock.step)
        if self.clock.step % config.log_every == 0:
            self._log(rate, progress)

    def _check_loss(self) -> None:
        """All processes call this at the same step: one bad batch anywhere spoils the weights of all."""
        if self._last_loss is None:
            return
        loss = float(self.accelerator.reduce(self._last_loss, "mean"))
        if not math.isfinite(loss):
            raise RunError(
                f"the loss is {loss} at step {self.clock.step}; {self.folder} keeps its "
                "last checkpoint. A lower learning_rate or gradient_clip helps"
            )

    def _log(self, rate: float, progress: float) -> None:
        self._check_loss()
        config, processes = self.config, self.accelerator.num_processes
        row = {
            "step": self.clock.step,
            "minutes": round(self.clock.elapsed / 60, 3),
            "progress": round(progress, 4),
            "learning_rate": rate,
            "images": self.clock.step * config.accumulate * config.batch_size * processes,
            **self._averages.take(lambda sums: self.accelerator.reduce(sums, "sum")),
        }
        if self.accelerator.is_main_process:
            with (self.folder / LOG_NAME).open("a", encoding="utf-8") as log:
                log.write(json.dumps(row) + "\n")

    def _device_batches(self) -> Iterator[Batch]:
        device = self.accelerator.device
        first = self.clock.step * self.config.accumulate
        for batch in self.stage.batches(self.accelerator.process_index, first):
            yield batch.to(device)

    def save(self) -> None:
        """Write the checkpoint, and beside it what a killed run needs to go on; the old stays until then."""
        self._check_loss()
        self._last_save = time.monotonic()
        if not self.accelerator.is_main_process:
            return
        weights = self.stage.state_dict()
        average = self.average.weights if self.average else None
        write_checkpoint(self.folder, self.stage.model, self.stage.processor, average or weights)
        state = {
            "stage": weights,
            "average": average,
            "optimizer": self.optimizer.state_dict(),
            "step": self.clock.step,
            "elapsed": self.clock.elapsed,
            "shape": self._shape(),
        }
        write_state(self.folder, state)
        if (self.folder / LOG_NAME).is_file():
            plot(self.folder)

    def _shape(self) -> dict[str, Any]:
        """What a run must keep when it goes on, for its batches to be those that follow."""
        config = self.config
        return {
            "processes": self.accelerator.num_processes,
            "batch_size": config.batch_size,
            "accumulate": config.accumulate,
            "ema": config.ema,
        }

    def _resume(self) -> None:
        state = read_state(self.folder, self._shape())
        if state is not None:
            try:
                self.stage.load_state_dict(state["stage"])
                self.optimizer.load_state_dict(state["optimizer"])
                if self.average:
                    self.average.load(state["average"])
                self.clock.restore(state["step"], state["elapsed"])
            except (KeyError, RuntimeError, ValueError) as error:
                raise damaged(self.folder, error) from error
            self.accelerator.print(f"going on from step {self.clock.step} of {self.folder}")
        step = torch.tensor([self.clock.step], device=self.accelerator.device)
        steps = self.accelerator.gather(step).tolist()
        if len(set(steps)) > 1:
            raise RunError(
                f"the processes would go on from different steps ({steps}): {self.folder} must be on a disk "
                "that all machines share"
            )
