"""``python -m stnet.train``: run a training stage or a recipe of several, or go on with what was killed.

python -m stnet.train --config configs/tiny/1-sketch.yaml
python -m stnet.train --recipe configs/tiny --export my-checkpoint
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import torch

from stnet.command_line import exit_code
from stnet.training.config import TrainConfig
from stnet.training.recipe import read_recipe, run


def parse_arguments(arguments: Iterable[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m stnet.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--config", type=Path, metavar="FILE.yaml", help="one run")
    asked.add_argument(
        "--recipe",
        type=Path,
        metavar="FOLDER",
        help="its runs (1-NAME.yaml, 2-NAME.yaml, ...) in order",
    )
    parser.add_argument(
        "--output", help="folder for the checkpoint and the log, instead of the configuration's"
    )
    parser.add_argument("--steps", type=int, help="at most this many steps (of every run)")
    parser.add_argument("--minutes", type=float, help="at most this many minutes (of every run)")
    parser.add_argument(
        "--export",
        type=Path,
        metavar="FOLDER",
        help="write the checkpoint at half its size there, for use",
    )
    options = parser.parse_args(None if arguments is None else list(arguments))
    if options.recipe and options.output:
        parser.error("--output is for one run: those of a recipe have their own")
    return options


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0 when all is complete, 2 for what can't be done as configured."""
    options = parse_arguments(arguments)

    def work() -> None:
        configs = read_recipe(options.recipe) if options.recipe else [TrainConfig.read(options.config)]
        run([c.limited(options.steps, options.minutes, options.output) for c in configs], options.export)

    try:
        return exit_code(work)
    finally:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()


if __name__ == "__main__":
    raise SystemExit(main())
