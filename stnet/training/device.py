"""The device that a run computes on: STNET_DEVICE, told to accelerate, which would choose by itself."""

import os

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs

from stnet.checkpoint import choose_device
from stnet.training.config import RunError


def accelerator(mixed_precision: str) -> Accelerator:
    """accelerate's driver of a run, on the chosen device: of several processes each on a GPU of its own.

    Raises:
        ValueError: if STNET_DEVICE names what can't be used here, or one GPU for several processes.
    """
    several = int(os.environ.get("WORLD_SIZE", "1")) > 1  # torchrun and accelerate say it so
    asked = os.environ.get("STNET_DEVICE", "")
    if several and ":" in asked:
        kind = asked.split(":")[0]
        raise RunError(f"STNET_DEVICE is {asked}, one device for several processes: say {kind}")
    if several and torch.cuda.is_available():  # before anything is put on a GPU: it would be the first one
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count())
    device = choose_device()
    if device.type == "cuda" and device.index is not None:
        torch.cuda.set_device(device)  # what accelerate takes for "the GPU"
    # a stage has weights that a run's losses don't reach: those of losses that are off
    unused = DistributedDataParallelKwargs(find_unused_parameters=True)
    made = Accelerator(cpu=device.type == "cpu", mixed_precision=mixed_precision, kwargs_handlers=[unused])
    if made.device.type != device.type:
        raise RunError(f"accelerate computes on {made.device} in this process, not on {device}")
    return made
