"""``python -m stnet.systems.make_pool``: make what all trained systems learn from, once."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from stnet.command_line import exit_code
from stnet.systems.registry import CONFIGS
from stnet.systems.shared.making import make_pool
from stnet.training.config import TrainConfig


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when the pool is written, 2 for what can't be done as configured."""
    parser = argparse.ArgumentParser(prog="python -m stnet.systems.make_pool", description=__doc__)
    parser.add_argument("--config", type=Path, default=CONFIGS / "training/pool.yaml", metavar="FILE.yaml")
    options = parser.parse_args(arguments)
    return exit_code(lambda: make_pool(TrainConfig.read(options.config)))


if __name__ == "__main__":
    raise SystemExit(main())
