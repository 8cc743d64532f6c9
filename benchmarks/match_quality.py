"""``python -m benchmarks.match_quality``: what "no close match" and the search in the frame are worth.

How often a search calls its best picture close, with the drawn thing in the gallery and without; and how many
pictures found by the box of an object show the same thing. Printed as Markdown.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.results_page import match_tables
from stnet.checkpoint import choose_device, load_model
from stnet.evaluation import matching, regions
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures, for docs/results/matches-*.json. Raises ValueError or OSError for what is missing."""
    if options.images is not None and options.images < 1:
        raise ValueError(f"--images must be 1 or more, got {options.images}")
    loaded = load_model(options.checkpoint, choose_device())
    encoded = encode_suite(loaded.model, loaded.processor, open_suite(options), workers=options.workers)
    return {
        "kind": "matches",
        "suite": encoded.name,
        "complete": encoded.complete,
        "queries": len(encoded.queries),
        "images": len(encoded.patches),
        "close": matching.match_quality(loaded, encoded),
        "region": regions.region_quality(loaded.model, encoded),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.match_quality", description=__doc__)
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
    print(match_tables(figures))


if __name__ == "__main__":
    main()
