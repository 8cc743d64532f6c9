"""Networks that others trained, as the towers use them: a map at stride 16 and one at stride 32."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn
from transformers import AutoBackbone, AutoConfig

from stnet.model.configuration import BackboneConfig, GridTowerConfig
from stnet.model.towers.efficientnet_lite import EfficientNetLite
from stnet.model.towers.patch_grid import STRIDE

LAST_TWO = [-2, -1]  # stages: of networks that halve the map five times these are at strides 16 and 32


class StridedBackbone(nn.Module):
    """A backbone of transformers, read after its last two stages.

    Attributes:
        network: transformers' module.
        channels: of the maps at strides 16 and 32.

    Raises:
        ValueError: if there is no such backbone, or a library that it needs is missing.
    """

    def __init__(self, backbone_config: Mapping[str, Any]) -> None:
        super().__init__()
        fields = {**backbone_config, "out_indices": LAST_TWO, "out_features": None}
        name = fields.pop("model_type")
        try:
            self.network = AutoBackbone.from_config(AutoConfig.for_model(name, **fields))
        except (ImportError, ValueError) as error:  # timm is no dependency
            reason = " ".join(str(error).split())[:300]
            raise ValueError(f"transformers makes no backbone of {name!r} here: {reason}") from error
        fine, coarse = self.network.channels
        self.channels = int(fine), int(coarse)

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) -> (B, C16, S/16, S/16) and (B, C32, S/32, S/32).

        Raises:
            ValueError: if its maps have other strides.
        """
        fine, coarse = self.network(pixel_values).feature_maps
        side = pixel_values.shape[-1]
        if (fine.shape[-1], coarse.shape[-1]) != (side // STRIDE, side // (2 * STRIDE)):
            name = self.network.config.model_type
            raise ValueError(
                f"expected a backbone with maps at strides {STRIDE} and {2 * STRIDE}; of {side} pixels "
                f"{name} makes maps of {fine.shape[-1]} and {coarse.shape[-1]}"
            )
        return fine, coarse


def build_backbone(config: GridTowerConfig) -> EfficientNetLite | StridedBackbone:
    """The network that `config` describes, with random weights."""
    if isinstance(config, BackboneConfig):
        return StridedBackbone(config.backbone_config)
    return EfficientNetLite()
