"""Towers that begin with published weights: what their folders hold, and how they enter a model."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModel
from transformers.configuration_utils import PretrainedConfig

from stnet.model.towers.efficientnet_lite import EfficientNetLite
from stnet.model.towers.text import MeanPooledText

WEIGHTS_NAME = "model.safetensors"


def load_backbone(backbone: EfficientNetLite, folder: str | Path) -> None:
    """Take the convolutions of a folder that `python -m stnet.training.pretrained` wrote.

    Raises:
        ValueError: if the folder has no weights, or those of another network.
    """
    path = Path(folder) / WEIGHTS_NAME
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
