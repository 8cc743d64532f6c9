"""``python -m benchmarks.exclusion``: how well words after "not" keep things away, and what that costs.

Printed as Markdown; `--weights` compares other weights than the one that searches use.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.results_page import exclusion_table
from stnet.checkpoint import choose_device, load_model
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.exclusion import exclusion_quality
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite
from stnet.search.exclusion import WEIGHT


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures, for docs/results/exclusion-*.json. Raises ValueError or OSError for what is missing."""
    if options.images is not None and options.images < 1:
        raise ValueError(f"--images must be 1 or more, got {options.images}")
    model, processor, _, _ = load_model(options.checkpoint, choose_device())
    encoded = encode_suite(model, processor, open_suite(options), workers=options.workers)
    found = exclusion_quality(model, processor, encoded, options.weights)
    return {"kind": "exclusion", "suite": encoded.name, "complete": encoded.complete, "weights": found}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exclusion", description=__doc__)
    parser.add_argument("--suite", choices=SUITES, default="scenes-1k")
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"), help="its folder")
    parser.add_argument("--weights", type=float, nargs="+", default=[WEIGHT], help=f"({WEIGHT})")
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
    print(exclusion_table(figures))


if __name__ == "__main__":
    main()
