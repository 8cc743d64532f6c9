"""An ablation: STNET trained on one shared pool with losses left out, added or changed, row by row.

All rows have the same frozen networks, batches and steps; a seed gives the new weights and the order of the
batches.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stnet.evaluation.encoding import EncodedSuite
from stnet.evaluation.localizing import localization
from stnet.evaluation.metrics import chance_recall, retrieval, target_ranks
from stnet.evaluation.ranking import ModalityVectors, score_chunks
from stnet.systems.shared.learning import Schedule, learn
from stnet.systems.shared.pool import SharedPool
from stnet.systems.shared.stage import QueryForm, SharedStage, STNetObjective
from stnet.systems.shared.suite import FrozenSuite
from stnet.training.config import RunError, TrainConfig

DETECTION = frozenset({"attention", "focus", "box"})
RANKING = frozenset({"contrastive", "words", "sketch", "candidates"})
FIGURES = "figures.json"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        without: losses that are left out.
        alone: the only losses that stay, if any are named.
        added: further losses and their weights.
        form: what Q is, "product" (h_T * h_S) or "text" (h_T).
        label_smoothing: as stnet.training.losses.contrastive has it.
        asked: the half queries that the row is trained and judged by, or both.
    """

    name: str
    without: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    added: Mapping[str, float] = field(default_factory=dict)
    form: QueryForm = "product"
    label_smoothing: float = 0.0
    asked: str = "sketch+text"

    def weights(self, base: Mapping[str, float]) -> dict[str, float]:
        """The row's weights of the losses."""
        kept = {
            loss: weight
            for loss, weight in base.items()
            if loss not in self.without and (not self.alone or loss in self.alone)
        }
        return kept | dict(self.added)


ROWS = (
    Row("all"),
    # as in the paper, whose row for text is CLIP itself: models that never meet the other half
    Row("sketch only", without=frozenset({"contrastive", "words", "candidates"}), asked="sketch"),
    Row("words only", alone=frozenset({"words"}), asked="text"),
    Row("without classification", without=frozenset({"classification"})),
    Row("without detection", without=DETECTION),
    Row("without reconstruction", without=frozenset({"reconstruction"})),
    Row("contrastive alone", alone=RANKING),
    Row("query: text", form="text"),
    Row("L_CLS on h_T, too", added={"text_classification": 1.0}),
    Row("label smoothing", label_smoothing=0.2),
    Row("detection by IoU alone", without=DETECTION, added={"overlap": 1.0}),
    Row(
        "reconstruction by convolutions",
        without=frozenset({"reconstruction"}),
        added={"redrawing": 1.0},
    ),
    Row("with the dense term", added={"dense": 1.0}),
)


@dataclass(frozen=True)
class Budget:
    """What every row is trained with: the weights that the rows change, and the way through the batches."""

    weights: Mapping[str, float]
    schedule: Schedule


def ablate(
    pool: SharedPool,
    budget: Budget,
    rows: Sequence[Row],
    seeds: Sequence[int],
    folder: Path,
    on: FrozenSuite,
) -> Iterator[dict[str, Any]]:
    """The figures of each row and seed, row by row, as soon as it is trained and measured.

    Args:
        folder: holds a folder for every run; a row whose figures lie there is not run again.
        on: what the rows are measured on.

    Raises:
        ValueError: if a row's folder holds the figures of another configuration, or it can't be run.
        OSError: if its files can't be read or written.
    """
    for row in rows:
        for seed in seeds:
            own = folder / f"seed-{seed}" / _folder_name(row.name)
            yield _figures_of(row, seed, pool, budget, own, on)


def _folder_name(row: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in row)


def _figures_of(
    row: Row, seed: int, pool: SharedPool, budget: Budget, folder: Path, on: FrozenSuite
) -> dict[str, Any]:
    path, weights = folder / FIGURES, row.weights(budget.weights)
    run = {
        "seed": seed,
        "weights": weights,
        "form": row.form,
        "label_smoothing": row.label_smoothing,
        "schedule": asdict(budget.schedule),
        "steps": budget.schedule.passes * len(pool),
        "batch_size": pool.made_of["batch_size"],
        "start": pool.made_of["start"],
        "suite": on.asked.name,
        "images": on.asked.images,
    }
    if path.is_file():
        done: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if done["run"] != run:
            raise RunError(f"{path} is of another configuration: delete its folder or choose another --out")
        return done
    print(f"\n{row.name}, seed {seed}", flush=True)
    config = TrainConfig(
        "joint", str(folder), weights=weights, label_smoothing=row.label_smoothing, seed=seed
    )
    stage = SharedStage(pool, config, row.form)
    learn(STNetObjective(stage), pool, budget.schedule, seed, folder)
    encoded = on.encoded(stage.model)
    figures = {"run": run, "row": row.name, "asked": row.asked, **measure_row(stage, encoded)}
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


@torch.inference_mode()
def measure_row(stage: SharedStage, encoded: EncodedSuite) -> dict[str, Any]:
    """`retrieval` by modality, as stnet.evaluation.metrics says it, `pointing`, and their chances."""
    model, ranks = stage.model, _target_ranks(stage, encoded)
    found = localization(model, encoded)
    return {
        "images": encoded.images,
        "queries": len(encoded.queries),
        "chance": chance_recall(encoded.right(slice(None)), 10),
        "retrieval": {name: retrieval(rank) for name, rank in ranks.items()},
        "pointing": None if found is None else found["pointing game"],
        "chance pointing": None if found is None else found["pointing game, chance by area"],
    }


def _target_ranks(stage: SharedStage, encoded: EncodedSuite) -> dict[str, np.ndarray]:
    model, sketch, text = stage.model, encoded.sketches, encoded.texts
    assert text is not None  # FrozenSuite.encoded refuses suites of drawings alone
    nothing_drawn = model.neutral_sketch.expand_as(sketch)
    asked = {
        "sketch+text": ModalityVectors(sketch, stage.query(text, sketch)),
        "sketch": ModalityVectors(sketch, stage.query(model.neutral_text, sketch)),
        "text": ModalityVectors(nothing_drawn, stage.query(text, model.neutral_sketch)),
    }
    ranks: dict[str, list[np.ndarray]] = {name: [] for name in asked}
    for rows, scores in score_chunks(asked, encoded.patches, model.temperature):
        for name, found in scores.items():
            ranks[name].append(target_ranks(found, encoded.right(rows)))
    return {name: np.concatenate(parts) for name, parts in ranks.items()}
