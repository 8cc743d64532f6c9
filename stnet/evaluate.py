"""``python -m stnet.evaluate --suite scenes-1k --checkpoint DIR``: measure a checkpoint on a fixed suite.

``--system NAME`` ranks with another system over the checkpoint's networks (docs/systems.md).
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from stnet.checkpoint import LoadedModel, choose_device, load_model
from stnet.command_line import exit_code
from stnet.evaluation.encoding import EncodedSuite, encode_suite
from stnet.evaluation.errors import sort_errors
from stnet.evaluation.examples import show
from stnet.evaluation.ranking import modality_queries, score_chunks
from stnet.evaluation.robustness import robustness
from stnet.evaluation.runner import measure
from stnet.evaluation.suites.base import Suite
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite
from stnet.evaluation.tables import markdown
from stnet.model.modeling import STNetModel
from stnet.systems.measuring import all_scores, measure_system, modalities, see
from stnet.systems.registry import build_system, system_names

DEFAULT_SYSTEM = "stnet"
FORMAT = 1  # of the JSON: counts up when a key changes its meaning


def parse_arguments(arguments: Iterable[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m stnet.evaluate", description=__doc__)
    parser.add_argument("--suite", required=True, choices=SUITES)
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"), help="its folder")
    parser.add_argument(
        "--system", default=DEFAULT_SYSTEM, choices=system_names(), help=f"what ranks ({DEFAULT_SYSTEM})"
    )
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
    parser.add_argument("--errors", type=int, metavar="N", help="sort N failed queries by rule")
    parser.add_argument("--workers", type=int, default=2, help="processes that make pictures (2)")
    parser.add_argument("--device", help="cpu, cuda, ... (default $STNET_DEVICE or what there is)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file, too")
    return parser.parse_args(None if arguments is None else list(arguments))


def run(options: argparse.Namespace) -> dict[str, Any]:
    """All figures that the command line asks for. Raises ValueError or OSError for what is missing."""
    if options.images is not None and options.images < 1:
        raise ValueError(f"--images must be 1 or more, got {options.images}")
    loaded = load_model(options.checkpoint, choose_device(options.device))
    if options.system == DEFAULT_SYSTEM:
        return _run_stnet(options, loaded, open_suite(options))
    if options.robustness or options.picture:
        raise ValueError(f"--robustness and --picture are for the system {DEFAULT_SYSTEM}")
    system = build_system(options.system, loaded)
    asked, seen = see([system], open_suite(options), workers=options.workers)
    figures = {"format": FORMAT, "system": options.system, "checkpoint": loaded.fingerprint}
    figures |= measure_system(system, asked, seen[system.encoder])
    if options.errors is not None:
        scores, kind = all_scores(system, asked, seen[system.encoder]), modalities(system, asked)[0]
        figures["errors"] = sort_errors(asked, scores, kind, options.errors)
    return figures


def _run_stnet(options: argparse.Namespace, loaded: LoadedModel, suite: Suite) -> dict[str, Any]:
    """STNET's figures: those of all systems, and how well it localizes and its index leads to candidates."""
    model, processor, _, fingerprint = loaded
    encoded = encode_suite(model, processor, suite, workers=options.workers)
    figures = {"format": FORMAT, "checkpoint": fingerprint}
    figures |= measure(model, encoded)
    if options.robustness:
        figures["robustness"] = robustness(model, processor, encoded)
    if options.picture:
        show(model, encoded, suite).save(options.picture)
    if options.errors is not None:
        figures["errors"] = _errors(model, encoded, options.errors)
    return figures


def _errors(model: STNetModel, encoded: EncodedSuite, count: int) -> dict[str, Any]:
    """Failed queries of the fullest modality, by rule."""
    modality, asked = next(iter(modality_queries(model, encoded).items()))
    chunks = score_chunks({modality: asked}, encoded.patches, model.temperature)
    scores = np.concatenate([found[modality] for _, found in chunks])
    return sort_errors(encoded, scores, modality, count)


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
