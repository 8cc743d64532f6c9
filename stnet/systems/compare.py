"""``python -m stnet.systems.compare --suite scenes-1k --seeds 0 1``: the trained systems, beside each other.

All were trained on one shared pool with one budget (`make systems`). The suite is made and seen once, by the
frozen networks; each seed's STNET is what the systems over its towers search with, unless there are towers
that were trained for a system alone.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stnet.command_line import exit_code
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite
from stnet.systems.measuring import measure_system, modalities
from stnet.systems.registry import system_names
from stnet.systems.shared.pool import SharedPool
from stnet.systems.shared.suite import FrozenSuite, freeze_suite
from stnet.systems.table import compared
from stnet.systems.trained import trained_systems, trained_towers


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m stnet.systems.compare", description=__doc__)
    parser.add_argument("--suite", required=True, choices=SUITES)
    parser.add_argument("--pool", type=Path, default=Path("runs/systems/pool"), help="what all learned from")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1], help="the trainings (0 1)")
    parser.add_argument(
        "--systems", nargs="+", choices=system_names(), default=system_names(), help="which (all)"
    )
    parser.add_argument("--images", type=int, help="only the first so many pictures: a quick look, no result")
    parser.add_argument("--workers", type=int, default=2, help="processes that make pictures (2)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    add_data_arguments(parser)
    options = parser.parse_args(list(arguments))
    options.command = " ".join(["python -m stnet.systems.compare", *arguments])
    return options


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
    options = parse_arguments(sys.argv[1:] if arguments is None else list(arguments))

    def work() -> None:
        figures = run(options)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(compared(figures))

    return exit_code(work)


if __name__ == "__main__":
    raise SystemExit(main())
