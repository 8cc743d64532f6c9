"""``python -m stnet.systems.compare --suite scenes-1k --seeds 0 1``: the trained systems, beside each other.

All were trained on one shared pool with one budget (`make systems`). The suite is made and seen once, by the
frozen networks; each seed's STNET is what the systems over its towers search with, unless there are towers
that were trained for a system alone.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stnet.evaluation.suites.opening import open_suite
from stnet.systems.measurement_command import (
    add_trained_arguments,
    measure_and_say,
    measurement_parser,
    read_options,
)
from stnet.systems.measuring import measure_system, modalities
from stnet.systems.registry import system_names
from stnet.systems.shared.pool import SharedPool
from stnet.systems.shared.suite import FrozenSuite, freeze_suite
from stnet.systems.table import compared
from stnet.systems.trained import trained_systems, trained_towers


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = measurement_parser("stnet.systems.compare", __doc__, system_names())
    add_trained_arguments(parser)
    return read_options(parser, arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Figures of every system that can answer the suite. Raises ValueError or OSError for what is missing."""
    pool = SharedPool.read(options.pool)
    folders = trained_towers(options.seeds)
    on = freeze_suite(pool, open_suite(options), workers=options.workers)
    return {
        "kind": "compared systems",
        "command": options.command,
        "suite": on.asked.name,
        "steps": len(pool),
        "batch_size": pool.made_of["batch_size"],
        "runs": {str(seed): _figures(folder, seed, options.systems, on) for seed, folder in folders.items()},
    }


def _figures(folder: Path, seed: int, names: Sequence[str], on: FrozenSuite) -> dict[str, Any]:
    found = trained_systems(folder, seed, names, on)
    return {
        name: measure_system(one.system, on.asked, one.seen) | {"trained alone": one.alone}
        for name, one in found.items()
        if modalities(one.system, on.asked)
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 if something that the measurement needs is missing."""
    options = parse_arguments(sys.argv[1:] if arguments is None else arguments)
    return measure_and_say(options, run, compared)


if __name__ == "__main__":
    raise SystemExit(main())
