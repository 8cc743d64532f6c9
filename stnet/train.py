"""``python -m stnet.train --config configs/NAME.yaml``: run a training stage, or go on with a killed one."""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import torch

from stnet.command_line import exit_code
from stnet.training.build import prepare
from stnet.training.config import TrainConfig
from stnet.training.loop import Trainer


def parse_arguments(arguments: Iterable[str] | None = None) -> TrainConfig:
    """The configuration, with what the command line changes."""
    parser = argparse.ArgumentParser(prog="python -m stnet.train", description=__doc__)
    parser.add_argument("--config", required=True, metavar="FILE.yaml")
    parser.add_argument(
        "--output", help="folder for the checkpoint and the log, instead of the configuration's"
    )
    parser.add_argument("--steps", type=int, help="at most this many steps")
    parser.add_argument("--minutes", type=float, help="at most this many minutes")
    options = parser.parse_args(None if arguments is None else list(arguments))
    changes: dict[str, Any] = {
        name: getattr(options, name)
        for name in ("output", "steps", "minutes")
        if getattr(options, name) is not None
    }
    if "steps" in changes:
        changes["epochs"] = None
    return replace(TrainConfig.read(options.config), **changes)


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0 when the run is complete, 2 for one that can't be done as configured."""

    def work() -> None:
        stage = prepare(parse_arguments(arguments))
        Trainer(stage, stage.config).run()

    try:
        return exit_code(work)
    finally:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()


if __name__ == "__main__":
    raise SystemExit(main())
