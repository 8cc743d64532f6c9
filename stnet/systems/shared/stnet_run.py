"""STNET trained on the shared pool as a system beside the others: a whole checkpoint that names drawings."""

from collections.abc import Mapping
from pathlib import Path

import torch

from stnet.model.modeling import STNetModel
from stnet.systems.shared.learning import Schedule, learn
from stnet.systems.shared.pool import SharedPool
from stnet.systems.shared.stage import SharedStage, STNetObjective
from stnet.training.config import TrainConfig
from stnet.training.naming import learn_names, unseen_drawings, with_naming_head


def train_stnet(
    pool: SharedPool,
    schedule: Schedule,
    weights: Mapping[str, float],
    seed: int,
    folder: Path,
    *,
    names: bool = True,
) -> STNetModel:
    """Train, add a head that names drawings, and write the checkpoint to the folder.

    Args:
        weights: of the losses.
        names: False leaves the head out, for towers that nobody asks for names.

    Raises:
        RunError: if the weights don't name losses, or the loss stops being a number.
    """
    config = TrainConfig("joint", str(folder), weights=dict(weights), seed=seed)
    stage = SharedStage(pool, config)
    learn(STNetObjective(stage), pool, schedule, seed, folder)
    model = with_names(stage.model, pool) if names else stage.model
    model.save_pretrained(folder)
    pool.processor.save_pretrained(folder)
    return model


def with_names(model: STNetModel, pool: SharedPool) -> STNetModel:
    """The model with a naming head, taught by the people's drawings of the pool, but for unseen things."""
    unseen = unseen_drawings()
    names = [name for name in pool.names if name not in unseen]
    rows = torch.tensor([row for name in names for row in pool.names[name]])
    labels = torch.tensor([number for number, name in enumerate(names) for _ in pool.names[name]])
    with torch.no_grad():
        vectors = model.sketch_projection(pool.features.sketches(rows))
    return with_naming_head(model, names, learn_names(vectors, labels, len(names)))
