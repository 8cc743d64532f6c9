"""A checkpoint that names drawings, and a suite by hand seen through it."""

import torch

from stnet.checkpoint import LoadedModel
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.tokenizer import train_tokenizer
from tests.conftest import TEXTS, tiny_config


def loaded_model(**changes):
    """A tiny model with random weights and a naming head, as stnet.checkpoint loads it."""
    torch.manual_seed(0)
    config = tiny_config(**{"drawn_names": ["circle", "square", "star"], **changes})
    model = STNetModel(config).eval()
    with torch.no_grad():  # random projections bring the scores apart
        for projection in (model.image_projection, model.sketch_projection, model.text_projection):
            projection.weight.normal_(std=1.0)
        model.neutral_sketch.normal_()
        model.neutral_text.normal_()
    model.requires_grad_(False)
    processor = STNetProcessor.for_config(config, train_tokenizer(TEXTS, vocabulary=400, context=16))
    return LoadedModel(model, processor, "toy", "0" * 64)
