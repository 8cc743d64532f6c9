"""A shared pool of shapes, tiny, its features random: networks with random weights see all pictures alike."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import torch
from transformers import BertConfig

from stnet.data.drawings.drawings import Drawings
from stnet.data.photos import load_photos
from stnet.model.configuration import EfficientNetLiteConfig
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.systems.measuring import Seen
from stnet.systems.shared.making import FROZEN, write_pool
from stnet.systems.shared.pool import SharedPool
from stnet.systems.shared.suite import freeze_suite
from stnet.training.stages.pooled import pooled_stage
from stnet.training.tokenizer import train_tokenizer
from tests.conftest import TEXTS, tiny_config
from tests.evaluation.toys import ToySuite
from tests.training.shapes import SPLIT, example_source, run_config, write_photos

BATCHES = 6


def pooled(folder):
    """A pooled stage with towers of EfficientNet-Lite, its run, and its data as make_pool has them."""
    torch.manual_seed(0)
    photos = write_photos(folder / "photos")
    listing = photos / "photos.jsonl"
    listing.write_text(listing.read_text().replace('"objects"', '"captions": ["a red box"], "objects"'))
    examples = example_source(load_photos(photos))
    lite = EfficientNetLiteConfig(image_size=64, hidden_size=16, intermediate_size=32, num_attention_heads=2)
    drawn = EfficientNetLiteConfig(image_size=64, hidden_size=1280, num_hidden_layers=0)
    said = BertConfig(
        vocab_size=400, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=24, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    towers = {"image_config": lite, "sketch_config": drawn, "text_config": said}
    config = tiny_config(**towers, categories=list(examples.ids))
    processor = STNetProcessor.for_config(config, train_tokenizer(TEXTS, vocabulary=400, context=16))
    line = [np.array([[0, 0], [9, 9], [9, 0]], np.float32)]
    strokes = {(name, "strokes", False): [line] for name in ("parcel", "cloud")}
    pools = {"pooled_scenes": 8, "pooled_photos": 4, "pooled_captions": 4, "pooled_sketches": 2}
    run = run_config(
        folder / "pool", **pools, frozen=list(FROZEN), photo_share=0.25, batch_size=8, steps=BATCHES
    )
    model = STNetModel(config)
    with patch("stnet.training.batches.pool.TRACED", 1):
        return pooled_stage(model, processor, run, examples, Drawings(strokes, mapping={}), SPLIT), run


def with_random_features(pool):
    """The pool with features that tell its pictures, drawings and words apart."""
    random = np.random.default_rng(0)
    features = {
        "fine": pool.features.fine,
        "coarse": pool.features.coarse,
        "sketches": pool.features.drawn,
        "texts": pool.features.said,
    }
    other = {name: random.normal(size=part.shape).astype(np.float16) for name, part in features.items()}
    return replace(pool, features=type(pool.features)(**other))


def random_suite(pool):
    """The toy suite with features that tell its pictures, drawings and words apart."""
    frozen = freeze_suite(pool, ToySuite())
    torch.manual_seed(0)
    seen = Seen(torch.randn_like(frozen.seen.stored), torch.randn_like(frozen.seen.sketches))
    return replace(frozen, seen=seen, texts={text: torch.randn(16) for text in frozen.texts})


def make_shared_pool(folder):
    """Write a pool below the folder; the pool as it is read."""
    stage, run = pooled(folder)
    write_pool(stage, run)
    return SharedPool.read(folder / "pool")
