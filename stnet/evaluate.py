"""``python -m stnet.evaluate --suite scenes-1k --checkpoint DIR``: measure a checkpoint on a fixed suite."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stnet.checkpoint import choose_device, load_model
from stnet.command_line import exit_code
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.examples import show
from stnet.evaluation.robustness import robustness
from stnet.evaluation.runner import measure
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite
from stnet.evaluation.tables import markdown

FORMAT = 1  # of the JSON: counts up when a key changes its meaning


def parse_arguments(arguments: Iterable[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m stnet.evaluate", description=__doc__)
    parser.add_argument("--suite", required=True, choices=SUITES)
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"), help="its folder")
    add_data_arguments(parser)
    parser.add_argument("--images", type=int, help="only the first so many pictures: a quick look, no result")
    parser.add_argument(
        "--robustness", action="store_true", help="also R@10 as drawings are left unfinished, moved, turned"
    )
    parser.add_argument(
        "--picture",
        type=Path,
        help="draw queries at fixed quantiles of rank, with what they find",
    )
    parser.add_argument("--workers", type=int, default=2, help="processes that make pictures (2)")
    parser.add_argument("--device", help="cpu, cuda, ... (default $STNET_DEVICE or what there is)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file, too")
    return parser.parse_args(None if arguments is None else list(arguments))


def run(options: argparse.Namespace) -> dict[str, Any]:
    """All figures that the command line asks for. Raises ValueError or OSError for what is missing."""
    if options.images is not None and options.images < 1:
        raise ValueError(f"--images must be 1 or more, got {options.images}")
    model, processor, _, fingerprint = load_model(options.checkpoint, choose_device(options.device))
    suite = open_suite(options)
    encoded = encode_suite(model, processor, suite, workers=options.workers)
    figures = {"format": FORMAT, "checkpoint": fingerprint}
    figures |= measure(model, encoded)
    if options.robustness:
        figures["robustness"] = robustness(model, processor, encoded)
    if options.picture:
        show(model, encoded, suite).save(options.picture)
    return figures


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if something that the measurement needs is missing."""
    options = parse_arguments(arguments)

    def work() -> None:
        figures = run(options)
        print(markdown(figures))
        if options.json:
            options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        if options.markdown:
            options.markdown.write_text(markdown(figures) + "\n", encoding="utf-8")

    return exit_code(work)


if __name__ == "__main__":
    raise SystemExit(main())
