"""Duet over a checkpoint's frozen networks (after arXiv 2403.07222)."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

import torch
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.patch_grid import PatchGrid
from stnet.systems.concat.system import BackboneEncoder, required_text
from stnet.systems.duet.network import DuetNetwork, DuetSizes
from stnet.systems.duet.text import FrozenText
from stnet.systems.interface import Modality, Options, Queries, System, refuse_unknown
from stnet.systems.probing import CLOSE, check_probe
from stnet.systems.towers import TEXTS, count_parameters, unit

PROBE = "a photo of a thing"


def sizes_of(model: STNetModel) -> DuetSizes:
    """The sizes that fit a checkpoint's networks.

    Raises:
        ValueError: if its image tower has no convolutions to keep.
    """
    tower = model.image_tower
    if not isinstance(tower, PatchGrid):
        raise ValueError("duet needs an image tower of convolutions: this checkpoint's has none")
    return DuetSizes(
        picture=tower.coarse.in_features,
        sketch=model.sketch_projection.in_features,
        word=model.text_projection.in_features,
    )


class Duet(System):
    """cos(T_t([P^L; s^w; T_w(text)]), V(P)): a drawing is a word before the words, and a picture one vector.

    A drawing alone comes without words; words alone come without s^w, which no training ever showed.
    """

    asks: ClassVar[tuple[Modality, ...]] = ("sketch+text", "sketch", "text")

    def __init__(self, loaded: LoadedModel, network: DuetNetwork) -> None:
        """Raises ValueError if the network was trained on other features than the checkpoint's."""
        expected = sizes_of(loaded.model)
        if network.sizes != expected:
            raise ValueError(f"duet was trained with {network.sizes}; this checkpoint has {expected}")
        self.model: STNetModel = loaded.model
        self.processor: STNetProcessor = loaded.processor
        self.text = FrozenText(loaded.model, loaded.processor)
        self.network = network.to(loaded.model.device)
        self.encoder = BackboneEncoder(loaded.model)
        backbone = getattr(loaded.model.image_tower, "backbone", loaded.model.image_tower)
        needed = (network, backbone, loaded.model.sketch_tower, loaded.model.text_tower)
        self.parameters = sum(map(count_parameters, needed))

    @classmethod
    def build(cls, loaded: LoadedModel, options: Options) -> Self:
        """`trained`: the folder that the training wrote; `weights`, `schedule`: for that alone."""
        refuse_unknown(options, ("trained", "weights", "schedule"))
        folder = Path(required_text(options, "trained"))
        system = cls(loaded, DuetNetwork.load(folder))
        check_probe(folder, system.encoder, loaded.model)
        kept, now = system.network.text_probe, probe_text(system.text)
        if (kept - now).norm() > CLOSE * kept.norm():
            raise ValueError(f"{folder} was trained with another text tower than this checkpoint's")
        return system

    @torch.no_grad()
    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        """Raises ValueError if both halves are missing."""
        if sketches is None and texts is None:
            raise ValueError("a query needs a sketch, words, or both; got neither")
        count = len(texts or ()) if sketches is None else len(sketches)
        drawn = () if sketches is None else (self.network.drawings(sketches),)
        pseudo = self.network.prompted(count, *drawn)
        read = [
            self.text.before_words(part, None if texts is None else texts[start : start + TEXTS])
            for start, part in zip(range(0, count, TEXTS), pseudo.split(TEXTS), strict=True)
        ]
        return {"query": torch.cat(read)}

    def index(self, stored: Tensor) -> Tensor:
        """V(P) at length one: frozen features (N, picture) -> (N, d)"""
        return unit(self.network.pictures(stored))

    def scores(self, queries: Queries, index: Tensor) -> Tensor:
        return unit(queries["query"]) @ index.T


@torch.no_grad()
def probe_text(text: FrozenText) -> Tensor:
    """What a text transformer makes of one fixed text: (d,)"""
    words = text.words.weight
    return text.before_words(words.new_zeros(1, 0, words.shape[1]), [PROBE])[0]
