"""Make the shared pool: the batches of one budget, and what frozen networks make of all that is in them.

Everything is kept in one folder, so that each system and each seed begins at once, with the same batches.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.systems.towers import TEXTS
from stnet.training.batches.batch import Batch, QueryBatch
from stnet.training.batches.queries import QuerySource
from stnet.training.build import prepare
from stnet.training.config import RunError, TrainConfig
from stnet.training.saves import write_checkpoint
from stnet.training.stages.joint import JointStage

START, BATCHES, NAMES, WRITTEN = "start", "batches.pt", "names.json", "pool.json"
LEFT_OUT = {"ink", "pictures.images"}  # the pool holds them, or what was made of them
FROZEN = ("image_tower.backbone", "sketch_tower", "text_tower")


def make_pool(config: TrainConfig) -> None:
    """Make the pool of a joint run and write it into `config.output` (see write_pool).

    Raises:
        RunError: if the run has no pools, or a tower that learns.
        ValueError, OSError: if data or weights that it needs are missing.
    """
    missing = sorted(set(FROZEN) - {*config.frozen})
    if missing or not config.pooled_scenes:
        raise RunError(f"a shared pool needs pooled_scenes, and frozen {', '.join(FROZEN)}")
    stage = prepare(config)
    assert isinstance(stage, JointStage)  # what a run with pools is
    write_pool(stage, config)


def write_pool(stage: JointStage, config: TrainConfig) -> None:
    """Write a pooled stage's features and `config.steps` of its batches.

    fine.npy, coarse.npy: maps of the pictures; sketches.npy, inks.npy: vectors and ink of the drawings;
    texts.npy: vectors of the words; batches.pt: which of these meet, and what is where; names.json: the rows
    of people's drawings by what they drew; start/: the networks that saw all this; pool.json, written last:
    the configuration.
    """
    assert stage.pool is not None and isinstance(stage.source, QuerySource)  # what a pooled stage has
    folder = Path(config.output)
    (folder / WRITTEN).unlink(missing_ok=True)
    model, processor, pool = stage.model.eval(), stage.processor, stage.pool
    write_checkpoint(folder / START, model, processor, stage.state_dict())
    made = list(islice(tqdm(stage.batches(0, 0), total=config.steps, desc="batches"), config.steps))
    texts, rows = different_texts(made)
    np.save(folder / "texts.npy", _encoded_texts(model, processor, texts))
    torch.save(
        [light(batch) | {"text_rows": row} for batch, row in zip(made, rows, strict=True)],
        folder / BATCHES,
    )
    drawn = stage.source.sketches
    assert drawn is not None  # what a pool holds
    named = {name: list(rows) for name, rows in drawn.named.items()}
    (folder / NAMES).write_text(json.dumps(named) + "\n", encoding="utf-8")
    for name, array in (
        ("inks", drawn.inks),
        ("sketches", pool.drawn),
        ("fine", pool.fine),
        ("coarse", pool.coarse),
    ):
        np.save(folder / f"{name}.npy", array)
    (folder / WRITTEN).write_text(json.dumps(asdict(config), indent=1) + "\n", encoding="utf-8")


def different_texts(batches: Sequence[QueryBatch]) -> tuple[list[tuple[int, ...]], list[Tensor]]:
    """The different texts of all batches, as their tokens; and of each batch the rows of its texts, (Q,)."""
    numbers: dict[tuple[int, ...], int] = {}
    rows = []
    for batch in batches:
        lengths = batch.attention_mask.sum(1).tolist()
        said = [tuple(ids[:length]) for ids, length in zip(batch.input_ids.tolist(), lengths, strict=True)]
        rows.append(torch.tensor([numbers.setdefault(text, len(numbers)) for text in said]))
    return list(numbers), rows


def light(batch: Batch, path: str = "") -> dict[str, Tensor]:
    """The tensors of a batch by name ("pictures.rows"), without pixels."""
    parts: dict[str, Tensor] = {}
    for entry in fields(batch):
        value, name = getattr(batch, entry.name), path + entry.name
        if isinstance(value, Batch):
            parts |= light(value, f"{name}.")
        elif value is not None and name not in LEFT_OUT:
            parts[name] = value
    return parts


@torch.inference_mode()
def _encoded_texts(
    model: STNetModel, processor: STNetProcessor, texts: Sequence[tuple[int, ...]]
) -> np.ndarray:
    """The text tower's vectors of texts in tokens, short ones first so that few are padded: (T, hidden)"""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    encoded: np.ndarray | None = None
    for start in tqdm(range(0, len(order), TEXTS), desc="texts", mininterval=5):
        some = order[start : start + TEXTS]
        tokens = [torch.tensor(texts[number]) for number in some]
        ids = nn.utils.rnn.pad_sequence(tokens, True, processor.tokenizer.pad_token_id)
        mask = nn.utils.rnn.pad_sequence([torch.ones_like(one) for one in tokens], True, 0)
        vectors = model.text_tower(input_ids=ids, attention_mask=mask).half().numpy()
        if encoded is None:
            encoded = np.empty((len(texts), vectors.shape[1]), np.float16)
        encoded[some] = vectors
    if encoded is None:
        raise RunError("the batches have no texts")
    return encoded
