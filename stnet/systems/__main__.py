"""``python -m stnet.systems --suite scenes-1k --checkpoint DIR``: all systems side by side on one suite.

The suite's pictures are made once for all of them. ``python -m stnet.evaluate --system NAME`` measures one.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stnet.checkpoint import choose_device, load_model
from stnet.evaluation.suites.opening import open_suite
from stnet.systems.measurement_command import measure_and_say, measurement_parser, read_options
from stnet.systems.measuring import measure_system, modalities, see
from stnet.systems.registry import build_system, system_names
from stnet.systems.table import markdown


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = measurement_parser("stnet.systems", __doc__, system_names())
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"), help="its folder")
    parser.add_argument("--device", help="cpu, cuda, ... (default $STNET_DEVICE or what there is)")
    return read_options(parser, arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Figures of every system that can answer the suite. Raises ValueError or OSError for what is missing."""
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
    return measure_and_say(options, run, markdown)


if __name__ == "__main__":
    raise SystemExit(main())
