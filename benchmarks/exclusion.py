"""``python -m benchmarks.exclusion``: how well words after "not" keep things away, and what that costs.

Printed as Markdown; `--weights` compares other weights than the one that searches use.
"""

import argparse
from collections.abc import Sequence
from typing import Any

from benchmarks.results_page import exclusion_table
from benchmarks.suite_command import run, suite_parser
from stnet.checkpoint import choose_device, load_model
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.exclusion import exclusion_quality
from stnet.evaluation.suites.opening import open_suite
from stnet.search.exclusion import WEIGHT


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures, for docs/results/exclusion-*.json. Raises ValueError or OSError for what is missing."""
    model, processor, _, _ = load_model(options.checkpoint, choose_device())
    encoded = encode_suite(model, processor, open_suite(options), workers=options.workers)
    found = exclusion_quality(model, processor, encoded, options.weights)
    return {"kind": "exclusion", "suite": encoded.name, "complete": encoded.complete, "weights": found}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = suite_parser("exclusion", __doc__)
    parser.add_argument("--weights", type=float, nargs="+", default=[WEIGHT], help=f"({WEIGHT})")
    run(parser, arguments, measure, exclusion_table)


if __name__ == "__main__":
    main()
