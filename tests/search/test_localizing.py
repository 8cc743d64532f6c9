import numpy as np
import pytest
import torch

from stnet.gallery.gallery import Gallery
from stnet.model.scoring import attend
from stnet.search.encoding import Vectors
from stnet.search.localizing import localize, ordered
from tests.galleries import load, make_gallery


def test_boxes_are_in_the_picture_with_their_corners_in_order():
    assert ordered(np.array([[0.9, 0.2, 0.1, 0.30004], [-1.0, 0.5, 2.0, 0.4]])) == [
        (0.1, 0.2, 0.9, 0.3),
        (0.0, 0.4, 1.0, 0.5),
    ]


@torch.inference_mode()
def test_heat_maps_are_the_attention_of_each_picture_on_one_scale(tiny_checkpoint, tmp_path):
    model = load(tiny_checkpoint).model
    gallery = Gallery.open(make_gallery(tmp_path, tiny_checkpoint, count=4))
    sketch, rows = torch.randn(16, generator=torch.Generator().manual_seed(2)), np.array([3, 1])
    places = localize(model, gallery, Vectors(torch.zeros_like(sketch), sketch, sketch), rows)
    expected = attend(sketch[None], gallery.patch_features(rows), model.temperature)[0]
    np.testing.assert_allclose(places.heatmaps.reshape(2, 16), expected, atol=1e-6)
    assert places.largest == pytest.approx(float(expected.max()), abs=1e-6)
    assert len(places.boxes) == 2
