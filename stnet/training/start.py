"""What a run begins from: new weights, CLIP's, or those of earlier runs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn
from transformers import AutoTokenizer

from stnet.checkpoint import load_as_trained, load_weights
from stnet.hub.folders import local_folder
from stnet.model.configuration import STNetConfig
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.image import PatchConvNet
from stnet.training.config import NETWORKS, RunError, TrainConfig
from stnet.training.heads import TrainingHeads
from stnet.training.saves import HEADS_NAME
from stnet.training.tokenizer import train_tokenizer

WHOLE_STARTS = ("all", "clip", "heads", *NETWORKS)  # what `start` may name beside single parts of the model
STARTING_VALUES = {"attention_temperature": "log_temperature", "logit_scale_init_value": "logit_scale"}


def starting_point(
    config: TrainConfig, categories: list[str], texts: Iterable[str]
) -> tuple[STNetModel, STNetProcessor]:
    """The model that the configuration starts from, and its processor.

    Args:
        categories: classes of a model that is new.
        texts: what the tokenizer of a model with random weights learns its words from.

    Raises:
        RunError: if weights that it names are missing or don't fit.
    """
    if "all" in config.start:
        model, processor = earlier_run(config.start["all"])
        if config.model:
            model = rebuilt(model, config.model)
            processor = STNetProcessor.for_config(model.config, processor.tokenizer)
    elif "clip" in config.start:
        model, processor = clip_model(config.start["clip"], config.model, categories)
    elif NETWORKS[0] in config.start:
        image, sketch, text = (config.start[name] for name in NETWORKS)
        model, processor = model_of_networks(image, sketch, text, config.model, categories)
    else:
        model, processor = new_model(config, texts, categories)
    if config.image_sizes and not isinstance(model.image_tower, PatchConvNet):
        raise RunError("image_sizes is for the convolutional image tower; CLIP's ViT has one size of its own")
    load_parts(model, {part: path for part, path in config.start.items() if part not in WHOLE_STARTS})
    return model, processor


def clip_model(
    source: str, fields: dict[str, Any], categories: list[str]
) -> tuple[STNetModel, STNetProcessor]:
    """CLIP's towers with CLIP's own tokenizer and pixels, as the paper starts.

    Raises:
        RunError: if `source` is no CLIP checkpoint, or the fields set what CLIP fixes.
    """
    try:
        model = STNetModel.from_clip(source, categories=categories, **fields)
        processor = STNetProcessor.from_clip(source)
    except Exception as error:  # transformers, safetensors and the Hub each have their own
        raise RunError(f"start: can't begin with the CLIP checkpoint {source}: {error}") from error
    _refuse_unknown(fields, model.config)
    return model, processor


def model_of_networks(
    image: str, sketch: str, text: str, fields: dict[str, Any], categories: list[str]
) -> tuple[STNetModel, STNetProcessor]:
    """Towers that were trained apart, with the text encoder's own tokenizer.

    Raises:
        RunError: if one of them is missing or no such network, or the fields set what they fix.
    """
    try:
        model = STNetModel.from_pretrained_towers(
            image=image, sketch=sketch, text=text, categories=categories, **fields
        )
        processor = STNetProcessor.for_config(model.config, AutoTokenizer.from_pretrained(text))
    except Exception as error:  # transformers, safetensors and the Hub each have their own
        raise RunError(f"start: can't begin with {image}, {sketch} and {text}: {error}") from error
    _refuse_unknown(fields, model.config)
    return model, processor


def earlier_run(path: str) -> tuple[STNetModel, STNetProcessor]:
    """The model and the processor of a run, or of a checkpoint on the Hub.

    Raises:
        RunError: if it is missing or damaged.
    """
    try:
        loaded = load_as_trained(path, torch.device("cpu"))
    except ValueError as error:
        raise RunError(f"start: {error}") from error
    return loaded.model, loaded.processor


def rebuilt(model: STNetModel, fields: dict[str, Any]) -> STNetModel:
    """The model with other fields of its configuration; what they shape or set starts anew.

    Raises:
        RunError: if the fields make no sense.
    """
    config = _model_config(model.config.to_dict() | fields, fields)
    changed = STNetModel(config)
    fresh = changed.state_dict()
    anew = {STARTING_VALUES[field] for field in fields.keys() & STARTING_VALUES.keys()}
    kept = {
        name: weights
        for name, weights in model.state_dict().items()
        if name in fresh and name not in anew and fresh[name].shape == weights.shape
    }
    changed.load_state_dict(fresh | kept)
    return changed


def _model_config(fields: dict[str, Any], given: dict[str, Any]) -> STNetConfig:
    try:
        config = STNetConfig(**fields)
    except Exception as error:  # transformers has a class of its own for a wrong field
        raise RunError(f"model: {error}") from error
    _refuse_unknown(given, config)
    return config


def new_model(
    config: TrainConfig, texts: Iterable[str], categories: list[str]
) -> tuple[STNetModel, STNetProcessor]:
    """A model with random weights and the tokenizer of its texts.

    Raises:
        RunError: if the fields of the model make no sense.
    """
    fields: dict[str, Any] = {
        name: dict(part) if isinstance(part, dict) else part for name, part in config.model.items()
    }
    text_config = fields.setdefault("text_config", {})
    if not isinstance(text_config, dict):
        raise RunError(f"model: text_config must hold fields of CLIPTextConfig, got {text_config!r}")
    context = text_config.get("max_position_embeddings", 32)
    tokenizer = train_tokenizer(texts, context=context)
    ids = {
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    text_config |= {**ids, "max_position_embeddings": context}
    model_config = _model_config(fields | {"categories": categories}, fields)
    return STNetModel(model_config), STNetProcessor.for_config(model_config, tokenizer)


def _refuse_unknown(fields: dict[str, Any], config: STNetConfig) -> None:
    """transformers takes any field without a word, a misspelt one too."""
    unknown = fields.keys() - STNetConfig().to_dict().keys()
    for name, part in fields.items():
        if isinstance(part, dict):
            known = type(getattr(config, name))().to_dict()
            unknown |= {f"{name}.{key}" for key in part.keys() - known.keys()}
    if unknown:
        raise RunError(f"model: unknown fields {sorted(unknown)}")


def load_parts(model: STNetModel, start: dict[str, str]) -> None:
    """Take the weights of single parts (say image_tower or neutral_text) from other checkpoints.

    Raises:
        RunError: if the model has no such part, or its shape differs.
    """
    for part, path in start.items():
        own = getattr(model, part, None)
        if not isinstance(own, nn.Module | nn.Parameter):
            raise RunError(f"start: the model has no part {part!r}")
        try:
            donor = getattr(load_weights(local_folder(path, "checkpoint").path), part)
        except ValueError as error:
            raise RunError(f"start: {error}") from error
        try:
            if isinstance(own, nn.Parameter):
                own.data.copy_(donor)
            else:
                own.load_state_dict(donor.state_dict())
        except RuntimeError as error:
            raise RunError(f"start: {part} of {path} doesn't fit this model: {error}") from error


def load_heads(heads: TrainingHeads, run: str) -> None:
    """Take the training heads from an earlier run.

    Raises:
        RunError: if it has none, or of other shapes.
    """
    try:
        heads.load_state_dict(load_file(Path(run) / HEADS_NAME))
    except (OSError, RuntimeError, SafetensorError) as error:
        raise RunError(f"start: the heads of {run} can't be used: {error}") from error
