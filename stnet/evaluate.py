"""``python -m stnet.evaluate --suite scenes-1k --checkpoint DIR``: measure a checkpoint on a fixed suite."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from stnet.data.cstbir import load_cstbir
from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.photos import load_photos
from stnet.data.suites import scene_suite, suite_objects
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.examples import show
from stnet.evaluation.robustness import robustness
from stnet.evaluation.runner import measure
from stnet.evaluation.suites.base import Suite
from stnet.evaluation.suites.cstbir import CstbirEntries
from stnet.evaluation.suites.photos import PhotoEntries
from stnet.evaluation.suites.scenes import SceneEntries
from stnet.evaluation.tables import markdown
from stnet.fingerprint import model_fingerprint
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor

FORMAT = 1  # of the JSON: counts up when a key changes its meaning
SUITES = ("scenes-1k", "scenes-5k", "scenes-open", "shapes", "photos", "cstbir")


def open_suite(options: argparse.Namespace) -> Suite:
    """The suite that the command line names.

    Raises:
        ValueError, OSError: if something that it is made of is missing or malformed.
    """
    if options.suite == "cstbir":
        photos = load_cstbir(options.cstbir, options.split, images=options.images)
        return CstbirEntries(photos, options.split, complete=options.images is None)
    drawings = Drawings.load(options.drawings) if options.drawings else None
    if options.suite == "photos":
        if drawings is None:
            raise ValueError("the suite photos asks by human drawings: say where they are with --drawings")
        return PhotoEntries(load_photos(options.photos), drawings, images=options.images)
    bank, split = suite_objects(options.suite, options.bank)
    suite = scene_suite(options.suite, bank, Sketcher(drawings), split, images=options.images)
    return SceneEntries(suite, drawings=drawings, complete=options.images is None)


def load_checkpoint(folder: Path, device: str) -> tuple[STNetModel, STNetProcessor]:
    """Model and processor, ready to encode.

    Raises:
        ValueError: if the folder isn't a whole checkpoint.
    """
    if not folder.is_dir():
        raise ValueError(f"no checkpoint folder {str(folder)!r}")
    processor = STNetProcessor.from_pretrained(folder)
    model, report = STNetModel.from_pretrained(
        str(folder), dtype=torch.float32, local_files_only=True, output_loading_info=True
    )
    if report["missing_keys"] or report["mismatched_keys"]:  # they would stay random numbers
        raise ValueError(
            f"the checkpoint {folder} lacks weights of its model: {sorted(report['missing_keys'])[:5]}"
        )
    return model.eval().to(device), processor


def add_data_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the suites are made from."""
    parser.add_argument(
        "--bank", type=Path, default=Path("data/bank"), help="made by `python -m stnet.data.objects`"
    )
    parser.add_argument(
        "--drawings", type=Path, help="folder of human drawings; without it scenes have traced sketches alone"
    )
    parser.add_argument(
        "--photos", type=Path, default=Path("data/photos"), help="photos with boxes, see stnet/data/photos.py"
    )
    parser.add_argument(
        "--cstbir", type=Path, default=Path("data/cstbir"), help="the paper's data, see stnet/data/cstbir.py"
    )
    parser.add_argument("--split", default="test", help="the split of cstbir (test)")


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
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file, too")
    return parser.parse_args(None if arguments is None else list(arguments))


def run(options: argparse.Namespace) -> dict[str, Any]:
    """All figures that the command line asks for. Raises ValueError or OSError for what is missing."""
    if options.images is not None and options.images < 1:
        raise ValueError(f"--images must be 1 or more, got {options.images}")
    model, processor = load_checkpoint(options.checkpoint, options.device)
    suite = open_suite(options)
    encoded = encode_suite(model, processor, suite, workers=options.workers)
    figures = {"format": FORMAT, "checkpoint": model_fingerprint(options.checkpoint)}
    figures |= measure(model, encoded)
    if options.robustness:
        figures["robustness"] = robustness(model, processor, encoded)
    if options.picture:
        show(model, encoded, suite).save(options.picture)
    return figures


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if something that the measurement needs is missing."""
    options = parse_arguments(arguments)
    try:
        figures = run(options)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(markdown(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(markdown(figures) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
