import numpy as np
import pytest
import torch

from stnet.gallery.clustering import PARTS
from stnet.gallery.encoding import embed
from stnet.gallery.patches import dequantize
from tests.galleries import draw_photo, load


@pytest.fixture
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


def test_features_do_not_depend_on_the_batch(loaded):
    pictures = [draw_photo(number) for number in range(5)]
    together = embed(loaded.model, loaded.processor, pictures)
    assert together.levels.shape == (5, 16, 16)
    assert together.vectors.shape == (5, 16)
    assert together.centroid_levels.shape == (5, PARTS, 16)
    assert together.centroid_scales.shape == (5, PARTS)
    assert (together.centroid_sizes.sum(1) == 16).all()  # every patch has its centroid
    assert together.usable.all()
    np.testing.assert_allclose(np.linalg.norm(together.vectors, axis=1), 1, atol=1e-5)
    alone = embed(loaded.model, loaded.processor, pictures[3:4])
    torch.testing.assert_close(
        dequantize(alone.levels, alone.scales)[0],
        dequantize(together.levels, together.scales)[3],
        atol=2 * float(together.scales.max()),
        rtol=0,
    )
    np.testing.assert_allclose(alone.vectors[0], together.vectors[3], atol=1e-2)


def test_features_that_are_not_finite_are_marked(loaded, monkeypatch):
    encode = loaded.model.encode_image

    def spoiled(pixels):
        patches = encode(pixels).clone()
        patches[1, 0, 0] = float("nan")
        patches[2, 3, 3] = float("inf")
        patches[3] = 0
        return patches

    monkeypatch.setattr(loaded.model, "encode_image", spoiled)
    made = embed(loaded.model, loaded.processor, [draw_photo(number) for number in range(5)])
    assert made.usable.tolist() == [True, False, False, False, True]
    assert np.isfinite(made.vectors).all()
    assert np.isfinite(made.scales).all()
