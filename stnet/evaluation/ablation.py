"""An ablation: runs of one configuration with losses left out or alone, each trained and measured.

All rows have the same start, the same seed and the same steps.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from stnet.checkpoint import choose_device, load_model
from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.runner import measure
from stnet.evaluation.suites.base import Suite
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


@dataclass(frozen=True)
class Measured:
    """What the rows are measured on: a suite, its name, and of how many of its pictures it is (None: all)."""

    suite: Suite
    name: str
    images: int | None


def ablate(
    base: TrainConfig, rows: Sequence[Row], seeds: Sequence[int], folder: Path, on: Measured
) -> Iterator[dict[str, Any]]:
    """The figures of each row, seed by seed, as soon as it is trained and measured.

    Args:
        folder: holds a folder for every run; a row whose figures lie there is not run again.

    Raises:
        ValueError: if a row's folder holds the figures of another configuration, or it can't be run.
        OSError: if its files can't be read or written.
    """
    for seed in seeds:
        for row in rows:
            if not row.hard_negatives and not base.hard_negatives:
                continue  # nothing to leave out
            print(f"\n{row.name}, seed {seed}", flush=True)
            own = folder / f"seed-{seed}" / row.name.replace(" ", "-")
            yield _figures_of(row, row.config(base, own, seed), on)


def _figures_of(row: Row, config: TrainConfig, on: Measured) -> dict[str, Any]:
    path = Path(config.output) / FIGURES
    asked = asdict(config) | {"suite": on.name, "images": on.images}
    if path.is_file():
        done: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if done["run"] != asked:
            raise RunError(f"{path} is of another configuration: delete its folder or choose another --out")
        return done
    stage = prepare(config)
    Trainer(stage, stage.config).run()
    model, processor, _, _ = load_model(Path(config.output), choose_device())
    measured = measure(model, encode_suite(model, processor, on.suite, workers=0))
    found = {"run": asked, "row": row.name, "asked": row.asked, **_summary(measured)}
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return found


def _summary(figures: dict[str, Any]) -> dict[str, Any]:
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
