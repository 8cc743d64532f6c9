"""Concat over a checkpoint's frozen convolutions (Teotia, "Image Retrieval using Sketch+Text")."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import torch
from torch import Tensor, nn

from stnet.checkpoint import LoadedModel
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.patch_grid import PatchGrid
from stnet.systems.concat.network import ConcatNetwork, ConcatSizes
from stnet.systems.interface import Encoder, Modality, Options, Queries, System, refuse_unknown
from stnet.systems.probing import check_probe
from stnet.systems.towers import TEXTS, count_parameters


@dataclass(frozen=True)
class BackboneEncoder(Encoder):
    """The frozen convolutions of STNET's image and sketch towers, averaged over their last maps."""

    model: STNetModel

    def pictures(self, values: Tensor) -> Tensor:
        tower = self.model.image_tower
        assert isinstance(tower, PatchGrid)  # Concat.build refuses others
        _, coarse = tower.feature_maps(values.to(self.model.device))
        return coarse.mean((2, 3)).float()

    def sketches(self, values: Tensor) -> Tensor:
        vectors: Tensor = self.model.sketch_tower(values.to(self.model.device))
        return vectors.float()


def sizes_of(model: STNetModel, embedding: int) -> ConcatSizes:
    """The sizes that fit a checkpoint's networks.

    Raises:
        ValueError: if its image tower has no convolutions to keep.
    """
    tower = model.image_tower
    if not isinstance(tower, PatchGrid):
        raise ValueError("concat needs an image tower of convolutions: this checkpoint's has none")
    words = word_embeddings(model).weight
    return ConcatSizes(
        picture=tower.coarse.in_features,
        sketch=model.sketch_projection.in_features,
        word=words.shape[1],
        vocabulary=words.shape[0],
        embedding=embedding,
    )


def word_embeddings(model: STNetModel) -> nn.Embedding:
    """The text tower's words."""
    return next(part for part in model.text_tower.modules() if isinstance(part, nn.Embedding))


class Concat(System):
    """Drawing and words side by side; a picture is one vector. Words alone it was never asked by."""

    asks: ClassVar[tuple[Modality, ...]] = ("sketch+text", "sketch")

    def __init__(self, loaded: LoadedModel, network: ConcatNetwork) -> None:
        """Raises ValueError if the network was trained on other features than the checkpoint's."""
        self.model: STNetModel = loaded.model
        self.processor: STNetProcessor = loaded.processor
        self.network = network.to(loaded.model.device)
        expected = sizes_of(loaded.model, network.sizes.embedding)
        if network.sizes != expected:
            raise ValueError(
                f"concat was trained on a checkpoint with {network.sizes}; this one has {expected}"
            )
        self.encoder = BackboneEncoder(loaded.model)
        backbones = (
            getattr(loaded.model.image_tower, "backbone", loaded.model.image_tower),
            loaded.model.sketch_tower,
        )
        self.parameters = count_parameters(network) + sum(map(count_parameters, backbones))

    @classmethod
    def build(cls, loaded: LoadedModel, options: Options) -> Self:
        """`trained`: the folder that the training wrote; the other fields are for that alone."""
        refuse_unknown(options, ("trained", "embedding", "schedule", "targets"))
        folder = Path(required_text(options, "trained"))
        system = cls(loaded, ConcatNetwork.load(folder))
        check_probe(folder, system.encoder, loaded.model)
        return system

    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        """Raises ValueError without drawings."""
        if sketches is None:
            raise ValueError("this system asks by drawings; got none")
        return {"query": self.network.query(sketches, self._read(len(sketches), texts))}

    def _read(self, count: int, texts: Sequence[str] | None) -> Tensor:
        if texts is None:
            return self.network.no_words(count)
        read = []
        for start in range(0, count, TEXTS):
            ids, mask = self.processor.text_batch(texts[start : start + TEXTS])
            read.append(self.network.read(ids.to(self.model.device), mask.to(self.model.device)))
        return torch.cat(read)

    def index(self, stored: Tensor) -> Tensor:
        return self.network.targets(stored)

    def scores(self, queries: Queries, index: Tensor) -> Tensor:
        return self.network.similarity(queries["query"], index)


def required_text(options: Options, name: str) -> str:
    """A field that must be there. Raises ValueError if it isn't text."""
    value = options.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, got {value!r}")
    return value
