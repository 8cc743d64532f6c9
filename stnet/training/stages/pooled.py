"""The joint stage over frozen networks: their features are computed once, then only what learns runs."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from stnet.data.categories import CategorySplit
from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.image import BackbonePatches
from stnet.training.batches.examples import ExampleSource
from stnet.training.batches.pool import FeaturePool, PooledExamples, pool_sketches
from stnet.training.batches.queries import QuerySource
from stnet.training.config import RunError, TrainConfig
from stnet.training.stages.digest import digest, frozen
from stnet.training.stages.joint import JointStage


def pooled_stage(
    model: STNetModel,
    processor: STNetProcessor,
    config: TrainConfig,
    examples: ExampleSource,
    drawings: Drawings | None,
    split: CategorySplit,
) -> JointStage:
    """The joint stage with a pool as large as the configuration says.

    Raises:
        RunError: if there are no drawings, or the image tower has no maps to keep.
    """
    if drawings is None or not isinstance(model.image_tower, BackbonePatches):
        raise RunError("pooled features need drawings, and an image tower with a frozen backbone")
    rng = np.random.default_rng(config.seed)
    pictures, sketch = frozen(model.image_tower), frozen(model.sketch_tower)

    @torch.inference_mode()
    def encode_pictures(pixels: np.ndarray) -> tuple[Tensor, Tensor]:
        fine, coarse = pictures.feature_maps(processor.image_batch(torch.from_numpy(pixels)))
        return fine, coarse

    @torch.inference_mode()
    def encode_drawings(inks: np.ndarray) -> Tensor:
        vectors: Tensor = sketch(processor.sketch_batch(torch.from_numpy(inks)))
        return vectors

    pooled = PooledExamples(
        examples, config.pooled_scenes, config.pooled_photos, config.pooled_captions, config.hard_negatives
    )
    data = (
        config.seed,
        config.bank,
        config.backdrops,
        config.photos,
        len(examples.photos),
        config.copy_paste,
    )
    key = f"{data} {digest(model.image_tower.backbone)}"
    fine, coarse = pooled.fill(rng, encode_pictures, Path(config.output) / "pool", key)
    sketches, vectors = pool_sketches(
        drawings,
        examples,
        split.drawings,
        processor,
        encode_drawings,
        config.pooled_sketches,
        config.careless_sketches,
        rng,
    )
    source = QuerySource(pooled, Sketcher(drawings), drawings, processor, config, sketches)
    return JointStage(model, processor, config, source, FeaturePool(fine, coarse, vectors))
