"""The shared pool, read: networks that stay as they are, what they made of everything, and the batches."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from stnet.checkpoint import load_as_trained
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.systems.shared.making import BATCHES, FROZEN, NAMES, START, WRITTEN
from stnet.training.batches.batch import PictureBatch, QueryBatch
from stnet.training.batches.pool import FeaturePool

PICTURES = "pictures."


@dataclass(frozen=True)
class SharedPool:
    """What `stnet.systems.make_pool` wrote.

    Attributes:
        made_of: the configuration that it was made by.
        model, processor: the networks that saw it; what learns is fresh in each run (`fresh_model`).
        features: of its pictures, drawings and words.
        inks: its drawings, (M, s, s) uint8, ink high.
        names: rows of the drawings that people made, by what they drew.
        light: its batches, tensors by name.
        folder: where it lies.
    """

    made_of: Mapping[str, Any]
    model: STNetModel
    processor: STNetProcessor
    features: FeaturePool
    inks: np.ndarray
    names: Mapping[str, list[int]]
    light: list[dict[str, Tensor]]
    folder: Path

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises ValueError if the folder holds no whole pool."""
        try:
            made_of = json.loads((folder / WRITTEN).read_text(encoding="utf-8"))
            arrays = {
                name: np.load(folder / f"{name}.npy", mmap_mode="r")
                for name in ("fine", "coarse", "sketches", "texts", "inks")
            }
            names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
            light = torch.load(folder / BATCHES, weights_only=True)
        except (OSError, EOFError, ValueError, RuntimeError, UnpicklingError) as error:
            raise ValueError(
                f"{folder} holds no whole pool ({error}): make it with `python -m stnet.systems.make_pool`"
            ) from error
        model, processor, _, _ = load_as_trained(folder / START, torch.device("cpu"))
        inks = arrays.pop("inks")
        return cls(made_of, model, processor, FeaturePool(**arrays), inks, names, light, folder)

    def __len__(self) -> int:
        """How many batches."""
        return len(self.light)

    def batch(self, number: int) -> QueryBatch:
        """Batch `number`; its pictures are rows of the features."""
        parts = self.light[number]
        own = {name.removeprefix(PICTURES): part for name, part in parts.items() if name.startswith(PICTURES)}
        queries: dict[str, Any] = {
            name: part for name, part in parts.items() if not name.startswith(PICTURES)
        }
        nothing = torch.zeros(len(own["rows"]), 0, 0, 3, dtype=torch.uint8)
        ink = torch.from_numpy(self.inks[queries["sketch_rows"].numpy()])
        return QueryBatch(pictures=PictureBatch(images=nothing, **own), ink=ink, **queries)

    def fresh_model(self, seed: int) -> STNetModel:
        """The frozen networks as they are, and new weights for all that learns."""
        torch.manual_seed(seed)
        model = STNetModel(self.model.config)
        kept = {name: value for name, value in self.model.state_dict().items() if name.startswith(FROZEN)}
        model.load_state_dict(model.state_dict() | kept)
        return model.eval()
