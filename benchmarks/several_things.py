"""``python -m benchmarks.several_things``: what it is worth to search for things drawn apart one by one."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.results_page import several_table
from stnet.checkpoint import choose_device, load_model
from stnet.data.drawings.drawings import Drawings
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.several import papers_of, several_quality
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite


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
    parser = argparse.ArgumentParser(prog="python -m benchmarks.several_things", description=__doc__)
    parser.add_argument("--suite", choices=SUITES, default="scenes-1k")
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"), help="its folder")
    add_data_arguments(parser)
    parser.add_argument("--images", type=int, help="only the first so many pictures: a quick look, no result")
    parser.add_argument("--workers", type=int, default=0, help="processes that make pictures (0: this one)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    try:
        figures = measure(options)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(several_table(figures))


if __name__ == "__main__":
    main()
