"""``python -m benchmarks.several_things``: what it is worth to search for things drawn apart one by one."""

import argparse
from collections.abc import Sequence
from typing import Any

from benchmarks.results_page import several_table
from benchmarks.suite_command import run, suite_parser
from stnet.checkpoint import choose_device, load_model
from stnet.data.drawings.drawings import Drawings
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.several import papers_of, several_quality
from stnet.evaluation.suites.opening import open_suite


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures, for docs/results/several-*.json. Raises ValueError or OSError for what is missing."""
    if options.drawings is None:
        raise ValueError("papers with two things need people's drawings: --drawings data/sketches")
    model, processor, _, _ = load_model(options.checkpoint, choose_device())
    encoded = encode_suite(model, processor, open_suite(options), workers=options.workers)
    papers = papers_of(encoded, Drawings.load(options.drawings))
    found = several_quality(model, processor, encoded, papers)
    return {"kind": "several", "suite": encoded.name, "complete": encoded.complete} | {
        "papers": len(papers),
        "images": encoded.images,
        "ways": found,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = suite_parser("several_things", __doc__)
    run(parser, arguments, measure, several_table)


if __name__ == "__main__":
    main()
