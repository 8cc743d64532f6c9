"""What the tests of the stages build: each stage on shapes, one batch of it, and who learned from it."""

import numpy as np

from stnet.data.drawings.drawings import Sketcher
from stnet.training.batches.pictures import PictureSource
from stnet.training.batches.queries import QuerySource
from stnet.training.batches.sketches import SketchSource
from stnet.training.stages.image import ImageStage
from stnet.training.stages.joint import JointStage
from stnet.training.stages.sketch import SketchStage
from tests.training.shapes import BANK, SPLIT, example_source, run_config, tiny_model

JOINT_LOSSES = {
    "contrastive",
    "sketch",
    "words",
    "candidates",
    "focus",
    "attention",
    "box",
    "classification",
    "reconstruction",
    "dense",
}


def joint_stage(folder, photos=(), drawings=None, **changes):
    weights = dict.fromkeys(sorted(JOINT_LOSSES), 1.0)
    config = run_config(folder, **{"weights": weights, "learning_rate": 0.003, **changes})
    source = example_source(photos)
    model, processor = tiny_model(list(source.ids))
    queries = QuerySource(source, Sketcher(drawings), drawings, processor, config)
    return JointStage(model, processor, config, queries)


def sketch_stage(folder, drawings=None, **changes):
    config = run_config(folder, stage="sketch", weights={"classification": 1.0}, **changes)
    model, processor = tiny_model()
    return SketchStage(
        model,
        processor,
        config,
        SketchSource(BANK, drawings, SPLIT, processor, model.config.categories, config.batch_size),
    )


def image_stage(folder, teacher, **changes):
    settings = {"stage": "image", "weights": {"teacher": 1.0, "dense": 0.5}, "teacher": teacher, **changes}
    config = run_config(folder, **settings)
    model, processor = tiny_model()
    return ImageStage(model, processor, config, PictureSource(example_source(), config.batch_size, 0.0))


def only_batch(stage, seed=0):
    return stage.source.make(np.random.default_rng(seed))


def with_gradient(module):
    return {
        name for name, weight in module.named_parameters() if weight.grad is not None and weight.grad.any()
    }
