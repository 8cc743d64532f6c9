"""``python -m stnet.train --config configs/NAME.yaml``: run a training stage, or go on with a killed one."""

import argparse
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from stnet.configuration import STNetConfig
from stnet.data.categories import CategorySplit, load_split
from stnet.data.cstbir import load_cstbir
from stnet.data.drawings import Drawings, Sketcher
from stnet.data.objects import ObjectBank, shapes_bank
from stnet.data.wording import corpus
from stnet.image_tower import PatchConvNet
from stnet.modeling import STNetModel
from stnet.processing import STNetProcessor
from stnet.tokenizer import train_tokenizer
from stnet.training.config import RunError, TrainConfig
from stnet.training.cstbir_batches import CstbirQueries, CstbirSketches
from stnet.training.examples import ExampleSource, PictureSource, photo_categories, read_photos
from stnet.training.image_stage import ImageStage
from stnet.training.joint_stage import JointStage
from stnet.training.loop import Stage, Trainer
from stnet.training.queries import QuerySource
from stnet.training.saves import HEADS_NAME
from stnet.training.sketch_stage import SketchSource, SketchStage

CORPUS_TEXTS = 20_000
TRAINED_SPLIT = "train"  # of CSTBIR
WHOLE_STARTS = ("all", "clip", "heads")  # what `start` may name beside single parts of the model
STARTING_VALUES = {"attention_temperature": "log_temperature", "logit_scale_init_value": "logit_scale"}


def build_stage(config: TrainConfig) -> Stage:
    """The model, its data and its losses, as the configuration says.

    Raises:
        ValueError: if data or weights that the configuration names are missing or don't fit.
    """
    stage = _cstbir_stage(config, Path(config.cstbir)) if config.cstbir else _composed_stage(config)
    if "heads" in config.start:
        load_heads(stage, config.start["heads"])
    freeze(stage, config.frozen)
    return stage


def _cstbir_stage(config: TrainConfig, folder: Path) -> Stage:
    photos = load_cstbir(folder, TRAINED_SPLIT)
    categories = sorted({query.category for photo in photos for query in photo.queries})
    texts = (query.text for photo in photos for query in photo.queries)
    model, processor = starting_point(config, categories, islice(texts, CORPUS_TEXTS))
    processes = int(os.environ.get("WORLD_SIZE", "1"))  # torchrun and accelerate say it so
    if config.stage == "sketch":
        sketches = CstbirSketches(photos, processor, model.config, config.batch_size)
        return SketchStage(model, processor, config.with_epochs(len(sketches), processes), sketches)
    queries = CstbirQueries(photos, processor, model.config, config.batch_size, config.queries_per_image)
    return JointStage(model, processor, config.with_epochs(len(queries), processes), queries)


def _composed_stage(config: TrainConfig) -> Stage:
    bank = ObjectBank.load(Path(config.bank)) if config.bank else shapes_bank()
    split = load_split() if config.bank else CategorySplit(seen=bank.categories)
    drawings = Drawings.load(Path(config.drawings)) if config.drawings else None
    photos = read_photos(config.photos)
    categories = [name for name in split.seen if name in bank.categories] + photo_categories(photos, split)
    texts = corpus(split, np.random.default_rng(0), CORPUS_TEXTS)
    model, processor = starting_point(config, categories, texts)
    if config.stage == "sketch":
        source = SketchSource(bank, drawings, split, processor, model.config.categories, config.batch_size)
        return SketchStage(model, processor, config, source)
    examples = ExampleSource(
        bank,
        split,
        photos,
        model.config.categories,
        model.config.image_size,
        model.config.patch_size,
        config.copy_paste,
    )
    if config.stage == "image":
        return ImageStage(
            model, processor, config, PictureSource(examples, config.batch_size, config.photo_share)
        )
    return JointStage(
        model, processor, config, QuerySource(examples, Sketcher(drawings), drawings, processor, config)
    )


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
        model = load_model(config.start["all"])
        processor = STNetProcessor.from_pretrained(config.start["all"])
        if config.model:
            model = rebuilt(model, config.model)
            processor = STNetProcessor.for_config(model.config, processor.tokenizer)
    elif "clip" in config.start:
        model, processor = clip_model(config.start["clip"], config.model, categories)
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


def load_model(path: str) -> STNetModel:
    """A checkpoint's model.

    Raises:
        RunError: if it is missing or damaged.
    """
    try:
        return STNetModel.from_pretrained(path, use_safetensors=True)
    except Exception as error:  # transformers, safetensors and torch each have their own
        raise RunError(f"start: can't load {path}: {error}") from error


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
        donor = getattr(load_model(path), part)
        try:
            if isinstance(own, nn.Parameter):
                own.data.copy_(donor)
            else:
                own.load_state_dict(donor.state_dict())
        except RuntimeError as error:
            raise RunError(f"start: {part} of {path} doesn't fit this model: {error}") from error


def freeze(stage: Stage, parts: list[str]) -> None:
    """Keep the weights of parts of the model ("classifier": of the heads' one).

    Raises:
        RunError: if the model has no such part.
    """
    for part in parts:
        frozen = stage.heads.classify if part == "classifier" else getattr(stage.model, part, None)
        if not isinstance(frozen, nn.Module | nn.Parameter):
            raise RunError(f"frozen: the model has no part {part!r}")
        frozen.requires_grad_(False)


def load_heads(stage: Stage, run: str) -> None:
    """Take the training heads from an earlier run.

    Raises:
        RunError: if it has none, or of other shapes.
    """
    try:
        stage.heads.load_state_dict(load_file(Path(run) / HEADS_NAME))
    except (OSError, RuntimeError, SafetensorError) as error:
        raise RunError(f"start: the heads of {run} can't be used: {error}") from error


def parse_arguments(arguments: Iterable[str] | None = None) -> TrainConfig:
    """The configuration, with what the command line changes."""
    parser = argparse.ArgumentParser(prog="python -m stnet.train", description=__doc__)
    parser.add_argument("--config", required=True, metavar="FILE.yaml")
    parser.add_argument(
        "--output", help="folder for the checkpoint and the log, instead of the configuration's"
    )
    parser.add_argument("--steps", type=int, help="at most this many steps")
    parser.add_argument("--minutes", type=float, help="at most this many minutes")
    options = parser.parse_args(None if arguments is None else list(arguments))
    changes: dict[str, Any] = {
        name: getattr(options, name)
        for name in ("output", "steps", "minutes")
        if getattr(options, name) is not None
    }
    if "steps" in changes:
        changes["epochs"] = None
    return replace(TrainConfig.read(options.config), **changes)


def prepare(config: TrainConfig) -> Stage:
    """`build_stage` with the configuration's seed and threads: the same every time.

    Raises:
        ValueError, OSError: if data or weights that it needs are missing or don't fit.
    """
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    return build_stage(config)


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0 when the run is complete, 2 for one that can't be done as configured."""
    try:
        stage = prepare(parse_arguments(arguments))
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    try:
        Trainer(stage, stage.config).run()
    except RunError as error:  # anything else is a fault of ours, with its traceback
        print(f"error: {error}", file=sys.stderr)
        return 2
    finally:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
