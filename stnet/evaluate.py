"""``python -m stnet.evaluate --suite scenes-1k --checkpoint DIR``: measure a checkpoint on a fixed suite."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stnet.data.categories import load_split
from stnet.data.drawings import Drawings, Sketcher
from stnet.data.objects import ObjectBank
from stnet.data.suites import scene_suite
from stnet.evaluation.runner import evaluate
from stnet.modeling import STNetModel
from stnet.processing import STNetProcessor

SUITES = ("scenes-1k", "scenes-5k", "scenes-open")


def table(result: dict[str, Any]) -> str:
    """The figures of one suite as Markdown."""
    columns = list(next(iter(result["retrieval"].values())))
    lines = [
        f"{result['suite']}: {result['queries']} queries on {result['images']} images",
        "",
        "| query | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for modality, figures in result["retrieval"].items():
        lines.append(f"| {modality} | " + " | ".join(f"{figures[column]:.1f}" for column in columns) + " |")
    lines.append("")
    groups = result["sketch+text by group"].items()
    lines.append("; ".join(f"{name} ({row['queries']}): R@10 {row['R@10']:.1f}" for name, row in groups))
    place = result["localization"]
    lines.append(
        f"pointing game {place['pointing game']:.1f} % (chance {place['pointing game, chance']:.1f} %), "
        f"mean IoU {place['mean IoU']:.3f}"
    )
    return "\n".join(lines)


def parse_arguments(arguments: Iterable[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m stnet.evaluate", description=__doc__)
    parser.add_argument("--suite", required=True, choices=SUITES)
    parser.add_argument("--checkpoint", default="assets/checkpoint", help="folder of the checkpoint")
    parser.add_argument("--bank", default="data/bank", help="folder that `python -m stnet.data.objects` made")
    parser.add_argument("--drawings", help="folder of human drawings; without it all sketches are traced")
    parser.add_argument("--json", help="write the figures to this file, too")
    return parser.parse_args(None if arguments is None else list(arguments))


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if something that the measurement needs is missing."""
    options = parse_arguments(arguments)
    try:
        if not Path(options.checkpoint).is_dir():
            raise ValueError(f"no checkpoint folder {options.checkpoint!r}")
        model = STNetModel.from_pretrained(options.checkpoint)
        processor = STNetProcessor.from_pretrained(options.checkpoint)
        bank = ObjectBank.load(Path(options.bank))
        drawings = Drawings.load(Path(options.drawings)) if options.drawings else None
        suite = scene_suite(options.suite, bank, Sketcher(drawings), load_split())
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    result = evaluate(model, processor, suite)
    print(table(result))
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
