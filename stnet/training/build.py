"""From a configuration to a stage: its model, its data and its losses."""

import os
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stnet.data.categories import CategorySplit, load_split
from stnet.data.cstbir import load_cstbir
from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.objects import ObjectBank, shapes_bank
from stnet.data.words.wording import corpus
from stnet.training.batches.cstbir import CstbirQueries, CstbirSketches
from stnet.training.batches.examples import example_source, photo_categories, read_photos
from stnet.training.batches.pictures import PictureSource
from stnet.training.batches.queries import QuerySource
from stnet.training.batches.sketches import SketchSource
from stnet.training.config import TrainConfig
from stnet.training.stages.base import Stage
from stnet.training.stages.image import ImageStage
from stnet.training.stages.joint import JointStage
from stnet.training.stages.matching import match_stage
from stnet.training.stages.pooled import pooled_stage
from stnet.training.stages.sketch import SketchStage
from stnet.training.start import load_heads, starting_point

CORPUS_TEXTS = 20_000  # what a new tokenizer learns its words from
TRAINED_SPLIT = "train"  # of CSTBIR


def build_stage(config: TrainConfig) -> Stage[Any]:
    """The model, its data and its losses, as the configuration says.

    Raises:
        ValueError: if data or weights that the configuration names are missing or don't fit.
    """
    stage = _cstbir_stage(config, Path(config.cstbir)) if config.cstbir else _composed_stage(config)
    if "heads" in config.start:
        load_heads(stage.heads, config.start["heads"])
    stage.freeze(config.frozen)
    return stage


def _cstbir_stage(config: TrainConfig, folder: Path) -> Stage[Any]:
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


def _composed_stage(config: TrainConfig) -> Stage[Any]:
    bank = ObjectBank.load(Path(config.bank)) if config.bank else shapes_bank()
    split = load_split() if config.bank else CategorySplit(seen=bank.categories)
    drawings = Drawings.load(Path(config.drawings)) if config.drawings else None
    photos = read_photos(config.photos)
    drawable = () if drawings is None else drawings.names()
    categories = [name for name in split.seen if name in bank.categories]
    categories += photo_categories(photos, split, drawable)
    texts = corpus(split, np.random.default_rng(0), CORPUS_TEXTS)
    model, processor = starting_point(config, categories, texts)
    if config.stage == "sketch":
        source = SketchSource(
            bank,
            drawings,
            split,
            processor,
            model.config.categories,
            config.batch_size,
            config.careless_sketches,
        )
        return SketchStage(model, processor, config, source)
    if config.stage == "match":
        return match_stage(model, processor, config, bank, photos, drawings, split)
    examples = example_source(config, model.config, bank, split, photos)
    if config.stage == "image":
        return ImageStage(
            model, processor, config, PictureSource(examples, config.batch_size, config.photo_share)
        )
    if config.pooled_scenes:
        return pooled_stage(model, processor, config, examples, drawings, split)
    return JointStage(
        model, processor, config, QuerySource(examples, Sketcher(drawings), drawings, processor, config)
    )


def prepare(config: TrainConfig) -> Stage[Any]:
    """`build_stage` with the configuration's seed and threads: the same every time.

    Raises:
        ValueError, OSError: if data or weights that it needs are missing or don't fit.
    """
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    return build_stage(config)
