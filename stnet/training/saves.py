"""What a run writes into its folder: a checkpoint for use, and the state that a killed run goes on from."""

import os
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.config import RunError

HEADS_NAME = "heads.safetensors"  # beside a run's checkpoint; what is shipped leaves it out
STATE_NAME = "resume.pt"


def write_checkpoint(
    folder: Path, model: STNetModel, processor: STNetProcessor, weights: dict[str, Tensor]
) -> None:
    """Write model, processor and training heads.

    Args:
        weights: of the whole stage, with names that begin with "model." and "heads.".
    """

    def of(part: str) -> dict[str, Tensor]:
        return {
            name.removeprefix(part): value.contiguous()
            for name, value in weights.items()
            if name.startswith(part)
        }

    model.save_pretrained(folder, state_dict=of("model."), max_shard_size="15MB")
    processor.save_pretrained(folder)
    save_file(of("heads."), folder / HEADS_NAME)


def write_state(folder: Path, state: dict[str, Any]) -> None:
    """Write what a killed run needs to go on; the old state stays until the new one is complete."""
    partial = folder / "resume.partial"
    torch.save(state, partial)
    os.replace(partial, folder / STATE_NAME)


def read_state(folder: Path, shape: dict[str, Any]) -> dict[str, Any] | None:
    """The state of a killed run, None if the folder has none.

    Args:
        shape: what decides which batches a step sees (processes, batch size, ...), as the state has it.

    Raises:
        RunError: if it is damaged, or of a run with another shape: other batches would follow.
    """
    path = folder / STATE_NAME
    if not path.is_file():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        written = state["shape"]
    except (OSError, EOFError, KeyError, RuntimeError, ValueError, UnpicklingError) as error:
        raise damaged(folder, error) from error
    if written != shape:
        names = [name for name in shape if written.get(name) != shape[name]]
        raise RunError(
            f"can't go on from {path}: it was written with {_listed(written, names)}, this run has "
            f"{_listed(shape, names)}. Run it as it began, or begin another run from its weights: another "
            f"output, and start: {{all: {folder}, heads: {folder}}}"
        )
    return state


def damaged(folder: Path, error: Exception) -> RunError:
    """The error for a state that can't be read, or that doesn't fit."""
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return RunError(
        f"can't go on from {folder / STATE_NAME} ({reason}): it is damaged or of another configuration. "
        "Delete it or choose another output"
    )


def _listed(shape: dict[str, Any], names: list[str]) -> str:
    return ", ".join(f"{name} {shape.get(name)}" for name in names)
