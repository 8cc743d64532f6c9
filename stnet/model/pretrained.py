"""Towers that begin with published weights: what their folders hold, and how they enter a model."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModel
from transformers.configuration_utils import PretrainedConfig
from transformers.image_processing_base import ImageProcessingMixin

from stnet.model.configuration import BackboneConfig, EfficientNetLiteConfig, GridTowerConfig
from stnet.model.towers.backbone import LAST_TWO, StridedBackbone, build_backbone
from stnet.model.towers.efficientnet_lite import EfficientNetLite
from stnet.model.towers.text import MeanPooledText

WEIGHTS_NAME = "model.safetensors"
TIMM = "timm/"  # before the name of a network of timm
DRAWING_SIDE = 96  # pixels that a sketch tower sees unless its configuration says otherwise


def tower_config(source: str, given: Any, *, drawings: bool = False) -> GridTowerConfig:
    """The configuration of a tower around a published network.

    Args:
        source: folder of an EfficientNet-Lite0, folder or Hub id of a backbone of transformers, "timm/NAME".
        given: fields of the tower; what the network fixes may be missing. Or a whole configuration.
        drawings: whether it reads drawings: it is as wide as the network then, and has no layers of its own.

    Raises:
        ValueError: if the source is no such network, or the fields are of another kind of tower.
    """
    if isinstance(given, GridTowerConfig):
        return given
    fields: dict[str, Any] = dict(given) if isinstance(given, Mapping) else given.to_dict()
    network = _backbone_fields(source)
    kind = EfficientNetLiteConfig if network is None else BackboneConfig
    if fields.pop("model_type", kind.model_type) != kind.model_type:
        raise ValueError(f"a tower that starts from {source} must be a {kind.model_type}, got {given!r}")
    if network is not None:
        mean, std = _pixel_statistics(source)
        fields = {"backbone_config": network, "image_mean": mean, "image_std": std} | fields
    if drawings:
        fields = {"image_size": DRAWING_SIDE, "num_hidden_layers": 0} | fields
        with torch.device("meta"):  # only its width is asked
            fields.setdefault("hidden_size", build_backbone(kind(**fields)).channels[1])
    return kind(**fields)


def _backbone_fields(source: str) -> dict[str, Any] | None:
    """What BackboneConfig calls backbone_config; None for a folder of EfficientNet-Lite0."""
    if source.startswith(TIMM):
        return {"model_type": "timm_backbone", "backbone": source.removeprefix(TIMM)}
    folder = Path(source)
    if folder.is_dir() and not (folder / "config.json").is_file():
        return None  # what it lacks is said when its weights are read
    config = AutoConfig.from_pretrained(source)
    if isinstance(config, EfficientNetLiteConfig):
        return None
    return {**config.to_diff_dict(), "model_type": config.model_type}


def _pixel_statistics(source: str) -> tuple[Sequence[float], Sequence[float]]:
    """Mean and deviation of pixels in 0..1, by channel: as the network was trained, or ImageNet's."""
    default = BackboneConfig()
    if source.startswith(TIMM):
        try:
            from timm.models import get_pretrained_cfg  # no dependency
        except ImportError:
            raise ValueError(f"{source} needs timm: pip install timm torchvision") from None
        published = get_pretrained_cfg(source.removeprefix(TIMM))
        if published is None:
            return default.image_mean, default.image_std
        return published.mean, published.std
    try:
        saved, _ = ImageProcessingMixin.get_image_processor_dict(source)
    except OSError:  # it has none
        saved = {}
    return saved.get("image_mean", default.image_mean), saved.get("image_std", default.image_std)


def load_backbone(backbone: EfficientNetLite | StridedBackbone, source: str | Path) -> None:
    """Take the weights of a network as `tower_config` knows it.

    Raises:
        ValueError: if the source has no weights, or those of another network.
    """
    if isinstance(backbone, EfficientNetLite):
        _load_lite(backbone, Path(source))
        return
    name = str(source).removeprefix(TIMM)
    # timm has no such argument, and asks for safetensors first
    safe = {"use_safetensors": True} if name == str(source) else {}
    try:
        published = type(backbone.network).from_pretrained(name, out_indices=LAST_TWO, **safe)
        backbone.network.load_state_dict(published.state_dict())
    except (OSError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"{source} doesn't hold the weights of its configuration: {reason}") from error


def _load_lite(backbone: EfficientNetLite, folder: Path) -> None:
    path = folder / WEIGHTS_NAME
    try:
        backbone.load_state_dict(load_file(path))
    except (OSError, RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"{path} doesn't hold the weights of an EfficientNet-Lite0: {reason}") from error


def text_config_of(source: str) -> PretrainedConfig:
    """The configuration of a text encoder, a folder or a Hub id of transformers."""
    return AutoConfig.from_pretrained(source)


def load_text_encoder(tower: MeanPooledText, source: str) -> None:
    """Take the weights of a text encoder, a folder or a Hub id of transformers, stored as safetensors."""
    encoder = AutoModel.from_pretrained(source, use_safetensors=True)
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    tower.encoder.load_state_dict(encoder.state_dict())
