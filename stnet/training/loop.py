"""The loop every stage runs in: accelerate's devices and precision, one schedule, a log, a checkpoint."""

import json
import math
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Protocol

import torch
from accelerate import Accelerator
from safetensors.torch import save_file
from torch import Tensor, nn
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.heads import TrainingHeads
from stnet.modeling import STNetModel
from stnet.processing import STNetProcessor
from stnet.training.averages import Averages
from stnet.training.config import RunError, TrainConfig

HEADS_NAME = "heads.safetensors"  # beside a run's checkpoint; what is shipped leaves it out


class Stage(Protocol):
    """What the loop needs of a stage: a module whose forward gives named losses, and its batches."""

    config: TrainConfig
    model: STNetModel
    processor: STNetProcessor
    heads: TrainingHeads

    def __call__(self, batch: dict[str, Any]) -> dict[str, Tensor]: ...

    def batches(self, process: int, first: int) -> Iterable[dict[str, Any]]: ...

    def set_progress(self, progress: float) -> None: ...


def learning_rate_factor(progress: float, warmup: float, final: float) -> float:
    """Linear warm-up, then a cosine down to `final`. progress in 0..1 -> factor in 0..1"""
    if progress < warmup:
        return max(progress / warmup, 1e-3)
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warmup) / (1 - warmup))))
    return final + (1 - final) * cosine


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


def parameter_groups(module: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices and kernels only; none for biases, norms, scales and neutral vectors."""
    trained = [p for p in module.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]


class Trainer:
    """Runs one stage to its end; killed, it goes on from its last save."""

    def __init__(self, stage: Stage, config: TrainConfig) -> None:
        self.config = config
        self.accelerator = Accelerator(
            cpu=not torch.cuda.is_available(), mixed_precision=config.mixed_precision
        )
        self.stage = stage
        assert isinstance(stage, nn.Module)
        stage.train()  # a model that was loaded is in evaluation mode: its batch norms would stand still
        for module in stage.modules():
            parameters = list(module.parameters())
            if parameters and not any(parameter.requires_grad for parameter in parameters):
                module.eval()  # what is frozen keeps its batch norms' statistics, too
        optimizer = torch.optim.AdamW(
            parameter_groups(stage, config.weight_decay), lr=config.learning_rate, betas=(0.9, 0.98)
        )
        self.module, self.optimizer = self.accelerator.prepare(stage, optimizer)
        self.clock = Clock(config)
        self.folder = Path(config.output)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._averages = Averages()
        self._last_loss: Tensor | None = None
        self._resume()

    def run(self) -> None:
        """Train until steps or minutes are used up, then save.

        Raises:
            RunError: if the weights don't name the losses, or the loss stops being a number.
        """
        bar = tqdm(
            total=100,
            desc=self.config.stage,
            unit="%",
            mininterval=5,
            disable=not self.accelerator.is_main_process,
        )
        last_save = time.monotonic()
        for batch in self._device_batches():
            progress = self._agreed_progress()
            if progress >= 1.0:
                break
            bar.update(int(progress * 100) - bar.n)
            self._step(batch, progress)
            if time.monotonic() - last_save > self.config.save_minutes * 60:
                self.save()
                last_save = time.monotonic()
        bar.close()
        self.save()

    def _agreed_progress(self) -> float:
        """The main process's progress, so that all processes stop at the same step."""
        value = torch.tensor(self.clock.progress(), device=self.accelerator.device)
        if self.accelerator.num_processes > 1:
            torch.distributed.broadcast(value, src=0)
        return float(value)

    def _step(self, batch: dict[str, Any], progress: float) -> None:
        config = self.config
        self.stage.set_progress(progress)
        rate = config.learning_rate * learning_rate_factor(progress, config.warmup_share, config.final_rate)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        losses = self.module(batch)
        total = self._weighed(losses)
        self.accelerator.backward(total)
        norm = self.accelerator.clip_grad_norm_(self.module.parameters(), config.gradient_clip)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.clock.step += 1
        self._last_loss = total.detach()
        self._averages.add({"loss": total, **losses, "gradient_norm": norm})
        if self.clock.step % config.log_every == 0:
            self._log(rate, progress)

    def _weighed(self, losses: dict[str, Tensor]) -> Tensor:
        weights = self.config.weights
        unknown = sorted(weights.keys() - losses.keys())
        if unknown or not weights:
            raise RunError(f"weights name {unknown or 'no losses'}; this run has {', '.join(losses)}")
        return torch.stack([losses[name] * weight for name, weight in weights.items()]).sum()

    def _check_loss(self) -> None:
        if self._last_loss is not None and not bool(torch.isfinite(self._last_loss)):
            raise RunError(
                f"the loss is {float(self._last_loss)} at step {self.clock.step}; {self.folder} keeps its "
                "last checkpoint. A lower learning_rate or gradient_clip helps"
            )

    def _log(self, rate: float, progress: float) -> None:
        self._check_loss()
        row = {
            "step": self.clock.step,
            "minutes": round(self.clock.elapsed / 60, 3),
            "progress": round(progress, 4),
            "learning_rate": rate,
            "images": self.clock.step * self.config.batch_size * self.accelerator.num_processes,
            **self._averages.take(),
        }
        if self.accelerator.is_main_process:
            with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(row) + "\n")

    def _device_batches(self) -> Iterator[dict[str, Any]]:
        device = self.accelerator.device
        for batch in self.stage.batches(self.accelerator.process_index, self.clock.step):
            yield {
                name: value.to(device, non_blocking=True) if isinstance(value, Tensor) else value
                for name, value in batch.items()
            }

    def save(self) -> None:
        """Write the checkpoint, and beside it what a killed run needs to go on; the old stays until then."""
        self._check_loss()
        if not self.accelerator.is_main_process:
            return
        stage: Any = self.accelerator.unwrap_model(self.module)
        stage.model.save_pretrained(self.folder, max_shard_size="15MB")
        stage.processor.save_pretrained(self.folder)
        heads = {name: value.contiguous() for name, value in stage.heads.state_dict().items()}
        save_file(heads, self.folder / HEADS_NAME)
        state = {
            "stage": stage.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.clock.step,
            "elapsed": self.clock.elapsed,
        }
        partial = self.folder / "resume.partial"
        torch.save(state, partial)
        os.replace(partial, self.folder / "resume.pt")

    def _resume(self) -> None:
        path = self.folder / "resume.pt"
        if not path.is_file():
            return
        stage: Any = self.accelerator.unwrap_model(self.module)
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
            stage.load_state_dict(state["stage"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.clock.restore(state["step"], state["elapsed"])
        except (OSError, EOFError, KeyError, RuntimeError, ValueError, UnpicklingError) as error:
            reason = str(error).strip().splitlines()[0]
            raise RunError(
                f"can't go on from {path} ({reason}): it is damaged or of another configuration. "
                "Delete it or choose another output"
            ) from error
        self.accelerator.print(f"going on from step {state['step']} of {self.folder}")
