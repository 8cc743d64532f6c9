"""``python -m stnet.systems.make_crops``: what Concat learns from when crops are its targets, once."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from stnet.command_line import exit_code
from stnet.systems.concat.crops import make_crops
from stnet.systems.shared.pool import SharedPool


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when the crops are written, 2 for a pool that they can't be made of."""
    parser = argparse.ArgumentParser(prog="python -m stnet.systems.make_crops", description=__doc__)
    parser.add_argument("--pool", type=Path, default=Path("runs/systems/pool"), help="the pool to crop")
    options = parser.parse_args(arguments)
    return exit_code(lambda: make_crops(SharedPool.read(options.pool)))


if __name__ == "__main__":
    raise SystemExit(main())
