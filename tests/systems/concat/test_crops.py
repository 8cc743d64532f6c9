"""Crops of a pool: the same pictures come out again, and every crop that is asked for is encoded."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from stnet.data.photos import load_photos
from stnet.evaluation.suites.crops import crop_to
from stnet.systems.concat.crops import CropEncoder, asked_boxes, read_crops, write_crops
from stnet.systems.concat.system import BackboneEncoder
from stnet.systems.make_crops import main
from stnet.training.batches.pool import PooledExamples
from stnet.training.config import RunError, TrainConfig
from tests.training.shapes import example_source


@pytest.fixture(scope="module")
def made(plain_pool, pool_folder):
    """The pool's crops, and its pictures made anew."""
    config = TrainConfig(**plain_pool.made_of)
    examples = example_source(load_photos(pool_folder.parent / "photos"))
    write_crops(plain_pool, config, examples)
    pixels = []

    def keep(some):
        pixels.extend(some)
        return torch.zeros(len(some), 1), torch.zeros(len(some), 1)

    pooled = PooledExamples(
        examples, config.pooled_scenes, config.pooled_photos, config.pooled_captions, config.hard_negatives
    )
    pooled.fill(np.random.default_rng(config.seed), keep, pool_folder / "again", "")
    return read_crops(plain_pool), pixels


@torch.inference_mode()
def test_every_crop_that_is_asked_for_is_what_the_convolutions_make_of_it(plain_pool, made):
    crops, pixels = made
    encoder, boxes = BackboneEncoder(plain_pool.model), asked_boxes(plain_pool)
    assert len(pixels) == len(crops) == len(plain_pool.features.fine)
    assert sum(map(len, boxes.values())) > 10
    for row, things in list(boxes.items())[:6]:
        for thing, (x0, y0, x1, y1) in things.items():
            part = crop_to(pixels[row], (x0, y0, x1, y1)) if x1 > x0 and y1 > y0 else pixels[row]
            expected = encoder.pictures(plain_pool.processor.images([Image.fromarray(part)]))[0]
            torch.testing.assert_close(
                torch.tensor(np.array(crops[row, thing], np.float32)), expected, rtol=0.01, atol=0.01
            )
    others = [row for row in range(len(crops)) if row not in boxes]
    assert not np.any(crops[others])


def test_other_pictures_than_the_pool_s_are_refused(plain_pool, pool_folder, tmp_path, made):
    config = replace(TrainConfig(**plain_pool.made_of), seed=5)
    examples = example_source(load_photos(pool_folder.parent / "photos"))
    with pytest.raises(RunError, match="isn't the pool's: make the pool anew"):
        write_crops(replace(plain_pool, folder=tmp_path), config, examples)


def test_pictures_without_a_question_have_zeros(plain_pool):
    encoder = CropEncoder(
        {1: {2: np.zeros(4, np.float32)}}, BackboneEncoder(plain_pool.model), plain_pool.processor
    )
    vectors, counts = encoder(np.full((2, 64, 64, 3), 90, np.uint8))
    assert vectors.shape == (2, 3, 1280) and counts.flatten().tolist() == [0, 1]
    assert vectors[1, 2].any() and not vectors[0].any() and not vectors[1, :2].any()


def test_what_is_missing_is_said(plain_pool, tmp_path, capsys):
    with pytest.raises(ValueError, match=r"holds no crops .*python -m stnet.systems.make_crops"):
        read_crops(replace(plain_pool, folder=tmp_path))
    assert main(["--pool", str(tmp_path)]) == 2
    assert "holds no whole pool" in capsys.readouterr().err
