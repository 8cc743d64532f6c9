"""The vector that finds candidates for words alone: V for the neutral sketch."""

import torch

from stnet.gallery.vectors import overall_vectors
from stnet.model.modeling import STNetModel
from tests.conftest import tiny_config


def random(*shape, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_the_overall_vector_of_like_patches_is_their_direction():
    torch.manual_seed(0)
    patch = random(16)
    with torch.inference_mode():
        vectors = overall_vectors(STNetModel(tiny_config()).eval(), patch.expand(2, 16, 16))
    torch.testing.assert_close(vectors, (patch / patch.norm()).expand(2, 16))
