"""Training on a pool: the loss is that of the batch's queries, it falls, and the frozen networks stay."""

import json

import numpy as np
import pytest
import torch

from stnet.data.drawings.drawings import Drawings
from stnet.data.photos import load_photos
from stnet.model.configuration import EfficientNetLiteConfig
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.systems.concat.network import ConcatNetwork
from stnet.systems.concat.soft_triplet import soft_triplet
from stnet.systems.concat.system import sizes_of, word_embeddings
from stnet.systems.concat.training import ConcatObjective, train_concat
from stnet.training.batches.pool import FeaturePool
from stnet.training.config import RunError
from stnet.training.stages.pooled import pooled_stage
from stnet.training.tokenizer import train_tokenizer
from tests.conftest import TEXTS, tiny_config
from tests.training.shapes import SPLIT, example_source, run_config, write_photos


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("pool")
    listing = write_photos(folder / "photos") / "photos.jsonl"
    listing.write_text(listing.read_text().replace('"objects"', '"captions": ["a red box"], "objects"'))
    examples = example_source(load_photos(folder / "photos"))
    lite = EfficientNetLiteConfig(image_size=64, hidden_size=16, intermediate_size=32, num_attention_heads=2)
    drawn = EfficientNetLiteConfig(image_size=32, hidden_size=1280, num_hidden_layers=0)
    config = tiny_config(image_config=lite, sketch_config=drawn, categories=list(examples.ids))
    model = STNetModel(config)
    processor = STNetProcessor.for_config(config, train_tokenizer(TEXTS, vocabulary=400))
    line = [np.array([[0, 0], [9, 9], [9, 0]], np.float32)]
    drawings = Drawings({("parcel", "strokes", False): [line]}, mapping={})
    pools = {"pooled_scenes": 8, "pooled_photos": 4, "pooled_captions": 4, "pooled_sketches": 1}
    run = run_config(
        folder / "run", **pools, frozen=["image_tower.backbone", "sketch_tower"], photo_share=0.25,
        batch_size=8, steps=40, learning_rate=3e-3, log_every=10, warmup=0.0,
    )  # fmt: skip
    stage = pooled_stage(model, processor, run, examples, drawings, SPLIT)
    random = np.random.default_rng(0)  # networks with random weights see all pictures alike
    stage.pool = FeaturePool(
        *(
            random.normal(size=part.shape).astype(np.float16)
            for part in (stage.pool.fine, stage.pool.coarse, stage.pool.drawn)
        )
    )
    return stage


def test_the_loss_is_that_of_the_batch(stage):
    network = ConcatNetwork(sizes_of(stage.model, 8)).eval()
    objective = ConcatObjective(network, stage.pool)
    batch = stage.source.make(np.random.default_rng(0))
    assert not batch.has_text.all() and batch.has_text.any()  # photos are asked for by drawings alone
    _, coarse = stage.pool.maps(batch.pictures.rows)
    targets = network.targets(coarse.mean((2, 3)))
    similarity, positives = [], []
    for row in range(len(batch.query_image)):
        drawn = stage.pool.sketches(batch.sketch_rows[row : row + 1])
        text = network.no_words(1)
        if batch.has_text[row]:
            text = network.read(batch.input_ids[row : row + 1], batch.attention_mask[row : row + 1])
            positives.append(batch.answers[row])
        else:
            positives.append((batch.pictures.object_category == batch.category[row]).any(-1))
        similarity.append(network.similarity(network.query(drawn, text), targets)[0])
    found = objective(batch)
    expected = soft_triplet(torch.stack(similarity), torch.stack(positives))
    assert found["triplet"].item() == pytest.approx(expected.item(), rel=1e-3)
    own = [bool(row.argmax() == image) for row, image in zip(similarity, batch.query_image, strict=True)]
    share = np.mean([hit for hit, worded in zip(own, batch.has_text, strict=True) if worded])
    assert found["first"].item() == pytest.approx(share)


def test_it_learns_and_leaves_the_checkpoint_as_it_was(stage):
    before = {name: value.clone() for name, value in stage.model.state_dict().items()}
    network = train_concat(stage, stage.config, 8)
    assert all(torch.equal(before[name], value) for name, value in stage.model.state_dict().items())
    assert not network.training
    assert not torch.equal(network.words.weight, word_embeddings(stage.model).weight)
    batch = stage.source.make(np.random.default_rng([0, 3]))
    fresh = ConcatNetwork(sizes_of(stage.model, 8)).eval()
    with torch.no_grad():
        trained, untrained = (ConcatObjective(one, stage.pool)(batch)["triplet"] for one in (network, fresh))
    assert trained < untrained
    with open(f"{stage.config.output}/log.jsonl") as file:
        lines = [json.loads(line) for line in file]
    assert [line["step"] for line in lines] == [10, 20, 30, 40]
    assert lines[0].keys() == {"step", "rate", "triplet", "first"} and lines[0]["rate"] > lines[-1]["rate"]


def test_the_same_seed_gives_the_same_weights(stage):
    one, other = (train_concat(stage, stage.config.limited(3, None), 8).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_no_pool_no_training(stage):
    pool, stage.pool = stage.pool, None
    try:
        with pytest.raises(RunError, match="learns from pooled features"):
            train_concat(stage, stage.config, 8)
    finally:
        stage.pool = pool
