"""``python -m stnet.systems --suite scenes-1k --checkpoint DIR``: all systems side by side on one suite.

The suite's pictures are made once for all of them. ``python -m stnet.evaluate --system NAME`` measures one.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stnet.checkpoint import choose_device, load_model
from stnet.command_line import exit_code
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite
from stnet.systems.measuring import measure_system, modalities, see
from stnet.systems.registry import build_system, system_names
from stnet.systems.table import markdown


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m stnet.systems", description=__doc__)
    parser.add_argument("--suite", required=True, choices=SUITES)
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"), help="its folder")
    parser.add_argument(
        "--systems", nargs="+", choices=system_names(), default=system_names(), help="which (all)"
    )
    add_data_arguments(parser)
    parser.add_argument("--images", type=int, help="only the first so many pictures: a quick look, no result")
    parser.add_argument("--workers", type=int, default=2, help="processes that make pictures (2)")
    parser.add_argument("--device", help="cpu, cuda, ... (default $STNET_DEVICE or what there is)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(list(arguments))
    options.command = " ".join(["python -m stnet.systems", *arguments])
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Figures of every system that can answer the suite. Raises ValueError or OSError for what is missing."""
    if options.images is not None and options.images < 1:
        raise ValueError(f"--images must be 1 or more, got {options.images}")
    loaded = load_model(options.checkpoint, choose_device(options.device))
    systems = {name: build_system(name, loaded) for name in options.systems}
    asked, seen = see(list(systems.values()), open_suite(options), workers=options.workers)
    able = {name: system for name, system in systems.items() if modalities(system, asked)}
    return {
        "kind": "systems",
        "command": options.command,
        "checkpoint": loaded.fingerprint,
        "suite": options.suite,
        "systems": {
            name: measure_system(system, asked, seen[system.encoder]) for name, system in able.items()
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 if something that the measurement needs is missing."""
    options = parse_arguments(sys.argv[1:] if arguments is None else arguments)

    def work() -> None:
        figures = run(options)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(markdown(figures))

    return exit_code(work)


if __name__ == "__main__":
    raise SystemExit(main())
