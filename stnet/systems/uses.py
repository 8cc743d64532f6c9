"""``python -m stnet.systems.uses --suite scenes-1k --seeds 0 1``: what Duet claims to be of use for.

Of every system that takes drawings and words: which one of all pictures of a thing is meant, and whether
other words find the same thing in another light or place (stnet.systems.using).
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from stnet.evaluation.suites.opening import open_suite
from stnet.systems.measurement_command import (
    add_trained_arguments,
    measure_and_say,
    measurement_parser,
    read_options,
)
from stnet.systems.registry import configured, system_names
from stnet.systems.shared.pool import SharedPool
from stnet.systems.shared.suite import freeze_suite
from stnet.systems.trained import trained_systems, trained_towers
from stnet.systems.uses_table import markdown
from stnet.systems.using import chance, measure_uses, other_words, which_one

SUITES = ("scenes-1k", "scenes-open", "shapes")  # whose pictures' light and place are known, and not too many


def able() -> list[str]:
    """Systems that take both halves, and drawings alone."""
    return [name for name in system_names() if {"sketch", "sketch+text"} <= set(configured(name)[0].asks)]


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = measurement_parser("stnet.systems.uses", __doc__, able(), SUITES)
    add_trained_arguments(parser)
    return read_options(parser, arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Figures of every system. Raises ValueError or OSError for what is missing."""
    pool = SharedPool.read(options.pool)
    towers = trained_towers(options.seeds)
    on = freeze_suite(pool, open_suite(options), workers=options.workers)
    return {
        "kind": "uses",
        "command": options.command,
        "suite": options.suite,
        "complete": on.asked.complete,
        "images": on.asked.images,
        "chance": {
            "which one": chance(which_one(on.asked)),
            "other words": chance(other_words(on.asked)),
        },
        "runs": {
            str(seed): {
                name: measure_uses(one.system, on.asked, one.seen)
                for name, one in trained_systems(folder, seed, options.systems, on).items()
            }
            for seed, folder in towers.items()
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 if something that the measurement needs is missing."""
    options = parse_arguments(sys.argv[1:] if arguments is None else arguments)
    return measure_and_say(options, run, markdown)


if __name__ == "__main__":
    raise SystemExit(main())
