"""ZSE-SBIR over a checkpoint's frozen convolutions: by the retrieval token, or by the relation network."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import torch
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.patch_grid import PatchGrid
from stnet.systems.concat.system import required_text
from stnet.systems.interface import Encoder, Modality, Options, Queries, System, refuse_unknown
from stnet.systems.probing import check_probe
from stnet.systems.towers import PICTURES, count_parameters
from stnet.systems.zse.network import ZseNetwork, ZseSizes


@dataclass(frozen=True)
class MapsAndPixels(Encoder):
    """The frozen maps of pictures at strides 16 and 32, the pixels of drawings and their frozen vectors.

    Each picture and each drawing in one row.
    """

    model: STNetModel

    def pictures(self, values: Tensor) -> Tensor:
        tower = self.model.image_tower
        assert isinstance(tower, PatchGrid)  # sizes_of refuses others
        maps = tower.feature_maps(values.to(self.model.device))
        return torch.cat([part.flatten(1) for part in maps], dim=1).float()

    def sketches(self, values: Tensor) -> Tensor:
        values = values.to(self.model.device)
        return torch.cat([values.flatten(1).float(), self.model.sketch_tower(values).float()], dim=1)


def sizes_of(model: STNetModel) -> ZseSizes:
    """The sizes that fit a checkpoint's networks.

    Raises:
        ValueError: if its image tower has no convolutions to keep, or drawings and pictures have other grids.
    """
    tower, drawn = model.image_tower, model.config.sketch_config
    if not isinstance(tower, PatchGrid):
        raise ValueError("zse needs an image tower of convolutions: this checkpoint's has none")
    return ZseSizes(
        channels=drawn.num_channels,
        side=model.config.sketch_size,
        drawn=model.sketch_projection.in_features,
        fine=tower.fine.in_features,
        coarse=tower.coarse.in_features,
        grid=model.config.grid[0],
    )


class Zse(System):
    """Drawings alone, matched token by token; words it was never asked by."""

    asks: ClassVar[tuple[Modality, ...]] = ("sketch",)

    def __init__(self, loaded: LoadedModel, network: ZseNetwork, related: int = 0) -> None:
        """Raises ValueError if the network was trained on other features than the checkpoint's."""
        expected = sizes_of(loaded.model)
        if network.sizes != expected:
            raise ValueError(f"zse was trained with {network.sizes}; this checkpoint has {expected}")
        self.model: STNetModel = loaded.model
        self.processor: STNetProcessor = loaded.processor
        self.network, self.related = network.to(loaded.model.device), related
        self.encoder = MapsAndPixels(loaded.model)
        image_network = getattr(loaded.model.image_tower, "backbone", loaded.model.image_tower)
        used = (network, loaded.model.sketch_tower, image_network)
        self.parameters = sum(map(count_parameters, used))

    @classmethod
    def build(cls, loaded: LoadedModel, options: Options) -> Self:
        """`trained`: the folder that the training wrote, whose `schedule` isn't read here.

        `related`: how many pictures, the nearest by the retrieval token, the relation network orders anew.
        """
        refuse_unknown(options, ("trained", "related", "schedule"))
        related = options.get("related", 0)
        if not isinstance(related, int) or isinstance(related, bool) or related < 0:
            raise ValueError(f"related must be a whole number from 0, got {related!r}")
        folder = Path(required_text(options, "trained"))
        system = cls(loaded, ZseNetwork.load(folder), related)
        check_probe(folder, system.encoder, loaded.model)
        return system

    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        """Raises ValueError without drawings, or with words."""
        if sketches is None or texts is not None:
            raise ValueError("this system asks by drawings alone")
        sizes = self.network.sizes
        pixels, known = sketches.split([sizes.channels * sizes.side**2, sizes.drawn], dim=1)
        values = pixels.unflatten(1, (sizes.channels, sizes.side, sizes.side))
        tokens = self.network.drawings(values, known)
        return {"retrieval": tokens.retrieval, "visual": tokens.visual}

    def index(self, stored: Tensor) -> Tensor:
        """Maps in rows, as the encoder leaves them -> retrieval token and visual tokens, (N, 1 + P, width)"""
        sizes, grid = self.network.sizes, self.network.sizes.grid
        parts = []
        for some in stored.split(PICTURES):
            fine, coarse = some.split([sizes.fine * grid**2, sizes.coarse * (grid // 2) ** 2], dim=1)
            tokens = self.network.pictures(
                fine.unflatten(1, (sizes.fine, grid, grid)),
                coarse.unflatten(1, (sizes.coarse, grid // 2, grid // 2)),
            )
            parts.append(torch.cat([tokens.retrieval[:, None], tokens.visual], dim=1))
        return torch.cat(parts)

    def scores(self, queries: Queries, index: Tensor) -> Tensor:
        found = -torch.cdist(queries["retrieval"], index[:, 0])
        if not self.related:
            return found
        nearest = found.topk(min(self.related, len(index)), dim=1).indices
        for row, drawing in enumerate(queries["visual"]):
            pictures = index[nearest[row], 1:]
            relation = self.network.relate(drawing.expand(len(pictures), -1, -1), pictures)
            found[row, nearest[row]] = relation  # 0..1, before all distances, which are below 0
        return found
