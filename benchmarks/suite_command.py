"""The command line of benchmarks that measure one checkpoint on one suite: arguments, JSON and table."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stnet.evaluation.suites.opening import SUITES, add_data_arguments

Figures = dict[str, Any]


def suite_parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """The arguments that all of these benchmarks have; `name` is the module's in benchmarks."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=description)
    parser.add_argument("--suite", choices=SUITES, default="scenes-1k")
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"), help="its folder")
    add_data_arguments(parser)
    parser.add_argument("--images", type=int, help="only the first so many pictures: a quick look, no result")
    parser.add_argument("--workers", type=int, default=0, help="processes that make pictures (0: this one)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    return parser


def run(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    measure: Callable[[argparse.Namespace], Figures],
    table: Callable[[Figures], str],
) -> None:
    """Measure, write the JSON that was asked for, print the table; what is missing ends it with a line."""
    options = parser.parse_args(arguments)
    try:
        if options.images is not None and options.images < 1:
            raise ValueError(f"--images must be 1 or more, got {options.images}")
        figures = measure(options)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(table(figures))
