"""Making a shared pool: what is kept of the batches, and what it must not be made of."""

import numpy as np
import pytest
import torch

from stnet.systems.shared.making import FROZEN, different_texts, light, make_pool
from stnet.training.batches.pool import FeaturePool
from stnet.training.config import RunError, TrainConfig
from tests.systems.pools import BATCHES, pooled


def test_equal_texts_are_kept_once(plain_pool):
    batches = [plain_pool.batch(number) for number in range(len(plain_pool))]
    texts, rows = different_texts(batches)
    assert len(texts) == len(set(texts)) == len(plain_pool.features.said)
    for batch, found in zip(batches, rows, strict=True):
        assert torch.equal(found, batch.text_rows)
        lengths = batch.attention_mask.sum(1)
        said = [tuple(ids[:length].tolist()) for ids, length in zip(batch.input_ids, lengths, strict=True)]
        assert [texts[row] for row in found.tolist()] == said


@torch.inference_mode()
def test_the_words_are_the_text_tower_s(plain_pool):
    batch = plain_pool.batch(2)
    expected = plain_pool.model.text_tower(input_ids=batch.input_ids, attention_mask=batch.attention_mask)
    found = plain_pool.features.texts(batch.text_rows)
    torch.testing.assert_close(found, expected, rtol=0.01, atol=0.01)


def test_a_light_batch_has_no_pixels(plain_pool):
    parts = light(plain_pool.batch(0))
    assert "ink" not in parts and "pictures.images" not in parts
    assert {"query_image", "sketch_rows", "pictures.rows", "pictures.coverage"} <= parts.keys()


def test_the_batches_are_the_stage_s(plain_pool, tmp_path):
    stage, _ = pooled(tmp_path)
    made = iter(stage.batches(0, 0))
    assert len(plain_pool) == BATCHES
    for number in range(2):
        batch, own = next(made), plain_pool.batch(number)
        assert torch.equal(batch.answers, own.answers) and torch.equal(batch.ink, own.ink)
        assert torch.equal(batch.pictures.coverage, own.pictures.coverage)


def test_a_pool_without_words_says_so():
    nothing = np.zeros((1, 2), np.float16)
    with pytest.raises(ValueError, match="holds no words"):
        FeaturePool(nothing, nothing, nothing).texts(torch.tensor([0]))


@pytest.mark.parametrize("changes", [{}, {"frozen": list(FROZEN)}])
def test_towers_that_learn_and_no_pools_are_refused(tmp_path, changes):
    with pytest.raises(
        RunError, match=r"a shared pool needs pooled_scenes, and frozen image_tower\.backbone"
    ):
        make_pool(TrainConfig("joint", str(tmp_path), **changes))
