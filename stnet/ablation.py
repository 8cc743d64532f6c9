"""``python -m stnet.ablation --config configs/tiny/3-joint.yaml``: what each part of the training is worth.

Each row is a run of one configuration with losses left out or alone: same start, same seed, same steps.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from stnet.checkpoint import choose_device, load_model
from stnet.command_line import exit_code
from stnet.evaluation.ablation_table import markdown
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.runner import measure
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite
from stnet.training.build import prepare
from stnet.training.config import RunError, TrainConfig
from stnet.training.loop import Trainer

CONTRASTIVE = frozenset({"contrastive", "words", "sketch", "candidates"})
DETECTION = frozenset({"attention", "focus", "box"})
FIGURES = "figures.json"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        without: losses that are left out.
        alone: the only losses that stay, if any are named.
        hard_negatives: False: scenes come one by one, not in groups.
        asked: the half queries that the row is trained and judged by, or both.
    """

    name: str
    without: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    hard_negatives: bool = True
    asked: str = "sketch+text"

    def config(self, base: TrainConfig, folder: Path, seed: int) -> TrainConfig:
        """The run of this row."""
        weights = {
            loss: weight
            for loss, weight in base.weights.items()
            if loss not in self.without and (not self.alone or loss in self.alone)
        }
        return replace(
            base,
            output=str(folder),
            weights=weights,
            hard_negatives=base.hard_negatives if self.hard_negatives else 0.0,
            seed=seed,
        )


ROWS = (
    Row("all"),
    Row("without detection", without=DETECTION),
    Row("without reconstruction", without=frozenset({"reconstruction"})),
    Row("without classification", without=frozenset({"classification"})),
    Row("contrastive alone", alone=CONTRASTIVE),
    # as in the paper, whose row for text is CLIP itself: models that never meet the other half
    Row(
        "sketch only",
        alone=DETECTION | {"sketch", "classification", "reconstruction", "dense"},
        asked="sketch",
    ),
    Row("words only", alone=frozenset({"words", "dense"}), asked="text"),
    Row("without the candidate term", without=frozenset({"candidates"})),
    Row("without the dense term", without=frozenset({"dense"})),
    Row("without hard negatives", hard_negatives=False),
)


def figures_of(row: Row, config: TrainConfig, options: argparse.Namespace) -> dict[str, Any]:
    """Train and measure one row, or read what an earlier call found.

    Raises:
        ValueError: if the folder holds the figures of another configuration, or the run can't be done.
    """
    path = Path(config.output) / FIGURES
    asked = asdict(config) | {"suite": options.suite, "images": options.images}
    if path.is_file():
        done: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if done["run"] != asked:
            raise RunError(f"{path} is of another configuration: delete its folder or choose another --out")
        return done
    stage = prepare(config)
    Trainer(stage, stage.config).run()
    model, processor, _, _ = load_model(Path(config.output), choose_device())
    measured = measure(model, encode_suite(model, processor, open_suite(options), workers=0))
    found = {"run": asked, "row": row.name, "asked": row.asked, **summary(measured)}
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return found


def summary(figures: dict[str, Any]) -> dict[str, Any]:
    """What the table shows of `measure`: recall and median rank by modality, pointing, candidates' recall."""
    smallest = next(iter(figures["candidates"]["sketch+text"]))
    return {
        "images": figures["images"],
        "queries": figures["queries"],
        "retrieval": figures["retrieval"],
        "pointing": figures["localization"]["pointing game"],
        "chance pointing": figures["localization"]["pointing game, chance by area"],
        "candidates": {name: pools[smallest] for name, pools in figures["candidates"].items()},
        "pool": smallest,
    }


def run(base: TrainConfig, rows: Sequence[Row], options: argparse.Namespace) -> list[dict[str, Any]]:
    """All rows, seed by seed; the table is written anew after each, so that a stopped call leaves one."""
    found: list[dict[str, Any]] = []
    for seed in options.seeds:
        for row in rows:
            if not row.hard_negatives and not base.hard_negatives:
                continue  # nothing to leave out
            folder = options.out / f"seed-{seed}" / row.name.replace(" ", "-")
            print(f"\n{row.name}, seed {seed}", flush=True)
            found.append(figures_of(row, row.config(base, folder, seed), options))
            table = markdown(found, options.command)
            if options.markdown:
                options.markdown.write_text(table + "\n", encoding="utf-8")
            if options.json:
                figures = {"kind": "ablation", "command": options.command, "rows": found}
                options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"\n{table}")
    return found


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m stnet.ablation", description=__doc__)
    parser.add_argument("--config", required=True, metavar="FILE.yaml", help="a joint run with all losses")
    parser.add_argument("--steps", type=int, help="of every row, instead of the configuration's")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="one run of every row each (0)")
    parser.add_argument("--suite", choices=SUITES, default="shapes", help="what is measured (shapes)")
    parser.add_argument("--images", type=int, help="only the first so many pictures of the suite")
    parser.add_argument("--out", type=Path, default=Path("runs/ablation"), help="folder of the runs")
    parser.add_argument("--markdown", type=Path, help="write the table to this file, too")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    add_data_arguments(parser)
    options = parser.parse_args(list(arguments))
    options.command = " ".join(["python -m stnet.ablation", *arguments])
    return options


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if a row can't be run as asked."""
    options = parse_arguments(sys.argv[1:] if arguments is None else list(arguments))

    def work() -> None:
        base = TrainConfig.read(options.config)
        run(replace(base, steps=base.steps if options.steps is None else options.steps), ROWS, options)

    return exit_code(work)


if __name__ == "__main__":
    raise SystemExit(main())
