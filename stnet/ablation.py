"""``python -m stnet.ablation --suite scenes-1k``: what each part of STNET's training is worth.

Each row is a run on one shared pool (stnet.systems.make_pool) with losses left out, added or changed: the
same frozen networks, batches and steps.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from stnet.command_line import exit_code
from stnet.evaluation.ablation import ROWS, Budget, ablate
from stnet.evaluation.ablation_table import markdown
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite
from stnet.systems.registry import CONFIGS
from stnet.systems.shared.learning import read_schedule
from stnet.systems.shared.pool import SharedPool
from stnet.systems.shared.suite import freeze_suite
from stnet.training.inheriting import read_fields


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m stnet.ablation", description=__doc__)
    parser.add_argument(
        "--config",
        type=Path,
        default=CONFIGS / "training/stnet.yaml",
        metavar="FILE.yaml",
        help="weights of all losses, and the schedule",
    )
    parser.add_argument("--pool", type=Path, default=Path("runs/systems/pool"), help="what rows learn from")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="one run of every row each (0)")
    parser.add_argument("--suite", choices=SUITES, default="scenes-1k", help="what is measured (scenes-1k)")
    parser.add_argument("--images", type=int, help="only the first so many pictures of the suite")
    parser.add_argument("--workers", type=int, default=2, help="processes that make pictures (2)")
    parser.add_argument("--out", type=Path, default=Path("runs/ablation"), help="folder of the runs")
    parser.add_argument("--markdown", type=Path, help="write the table to this file, too")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    add_data_arguments(parser)
    options = parser.parse_args(list(arguments))
    options.command = " ".join(["python -m stnet.ablation", *arguments])
    return options


def run(options: argparse.Namespace) -> None:
    """All rows; the files are written anew after each, so that a stopped call leaves what is done."""
    fields = read_fields(options.config)
    budget = Budget(dict(fields.get("weights", {})), read_schedule(fields.get("schedule")))
    pool = SharedPool.read(options.pool)
    on = freeze_suite(pool, open_suite(options), workers=options.workers)
    found: list[dict[str, Any]] = []
    for figures in ablate(pool, budget, ROWS, options.seeds, options.out, on):
        found.append(figures)
        if options.markdown:
            options.markdown.write_text(markdown(found, options.command) + "\n", encoding="utf-8")
        if options.json:
            rows = {"kind": "ablation", "command": options.command, "rows": found}
            options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(f"\n{markdown(found, options.command)}")


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if a row can't be run as asked."""
    options = parse_arguments(sys.argv[1:] if arguments is None else list(arguments))
    return exit_code(lambda: run(options))


if __name__ == "__main__":
    raise SystemExit(main())
