"""What the commands that measure systems have in common: options, and what becomes of the figures."""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from stnet.command_line import exit_code
from stnet.evaluation.suites.opening import SUITES, add_data_arguments


def measurement_parser(
    command: str, description: str | None, names: Sequence[str], suites: Sequence[str] = SUITES
) -> argparse.ArgumentParser:
    """The options of `python -m command`: one of the suites, where it comes from, some of the `names`."""
    parser = argparse.ArgumentParser(prog=f"python -m {command}", description=description)
    parser.add_argument("--suite", required=True, choices=suites)
    parser.add_argument("--systems", nargs="+", choices=names, default=names, help="which (all)")
    parser.add_argument("--images", type=int, help="only the first so many pictures: a quick look, no result")
    parser.add_argument("--workers", type=int, default=2, help="processes that make pictures (2)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    add_data_arguments(parser)
    return parser


def add_trained_arguments(parser: argparse.ArgumentParser) -> None:
    """Which trainings on a shared pool are measured."""
    parser.add_argument("--pool", type=Path, default=Path("runs/systems/pool"), help="what all learned from")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1], help="the trainings (0 1)")


def read_options(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says; `command` is the line itself, for the figures."""
    options = parser.parse_args(list(arguments))
    options.command = " ".join([parser.prog, *arguments])
    return options


def measure_and_say(
    options: argparse.Namespace,
    run: Callable[[argparse.Namespace], dict[str, Any]],
    table: Callable[[Mapping[str, Any]], str],
) -> int:
    """Measure, write the figures where they are wanted, and print them as a table.

    Returns:
        exit code 0, or 2 if something that the measurement needs is missing.
    """

    def work() -> None:
        if options.images is not None and options.images < 1:
            raise ValueError(f"--images must be 1 or more, got {options.images}")
        figures = run(options)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(table(figures))

    return exit_code(work)
