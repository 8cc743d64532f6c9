"""``python -m stnet.ablation --config configs/tiny/3-joint.yaml``: what each part of the training is worth.

Each row is a run of one configuration with losses left out or alone: same start, same seed, same steps.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stnet.command_line import exit_code
from stnet.evaluation.ablation import ROWS, Measured, ablate
from stnet.evaluation.ablation_table import markdown
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite
from stnet.training.config import TrainConfig


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m stnet.ablation", description=__doc__)
    parser.add_argument("--config", required=True, metavar="FILE.yaml", help="a joint run with all losses")
    parser.add_argument("--steps", type=int, help="of every row, instead of the configuration's")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="one run of every row each (0)")
    parser.add_argument("--suite", choices=SUITES, default="shapes", help="what is measured (shapes)")
    parser.add_argument("--images", type=int, help="only the first so many pictures of the suite")
    parser.add_argument("--out", type=Path, default=Path("runs/ablation"), help="folder of the runs")
    parser.add_argument("--markdown", type=Path, help="write the table to this file, too")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    add_data_arguments(parser)
    options = parser.parse_args(list(arguments))
    options.command = " ".join(["python -m stnet.ablation", *arguments])
    return options


def run(options: argparse.Namespace) -> None:
    """All rows; the table is written anew after each, so that a stopped call leaves one."""
    base = TrainConfig.read(options.config)
    base = replace(base, steps=base.steps if options.steps is None else options.steps)
    on = Measured(open_suite(options), options.suite, options.images)
    found: list[dict[str, Any]] = []
    for figures in ablate(base, ROWS, options.seeds, options.out, on):
        found.append(figures)
        if options.markdown:
            options.markdown.write_text(markdown(found, options.command) + "\n", encoding="utf-8")
        if options.json:
            rows = {"kind": "ablation", "command": options.command, "rows": found}
            options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    print(f"\n{markdown(found, options.command)}")


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if a row can't be run as asked."""
    options = parse_arguments(sys.argv[1:] if arguments is None else list(arguments))
    return exit_code(lambda: run(options))


if __name__ == "__main__":
    raise SystemExit(main())
