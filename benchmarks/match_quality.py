"""``python -m benchmarks.match_quality``: what "no close match" and the search in the frame are worth.

How often a search calls its best picture close, with the drawn or named thing in the gallery and without; and
how many pictures found by the box of an object show the same thing. Printed as Markdown.
"""

import argparse
from collections.abc import Sequence
from typing import Any

from benchmarks.results_page import match_tables
from benchmarks.suite_command import run, suite_parser
from stnet.checkpoint import choose_device, load_model
from stnet.evaluation import absent, matching, regions
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.suites.opening import open_suite


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures, for docs/results/matches-*.json. Raises ValueError or OSError for what is missing."""
    loaded = load_model(options.checkpoint, choose_device())
    encoded = encode_suite(loaded.model, loaded.processor, open_suite(options), workers=options.workers)
    return {
        "kind": "matches",
        "suite": encoded.name,
        "complete": encoded.complete,
        "queries": len(encoded.queries),
        "images": len(encoded.patches),
        "close": matching.match_quality(loaded, encoded),
        "named": absent.absent_quality(loaded, encoded),
        "region": regions.region_quality(loaded.model, encoded),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = suite_parser("match_quality", __doc__)
    run(parser, arguments, measure, match_tables)


if __name__ == "__main__":
    main()
