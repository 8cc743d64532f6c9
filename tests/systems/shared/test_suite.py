"""A suite through frozen networks first: the same as through the whole model."""

import pytest
import torch

from stnet.evaluation.encoding import encode_suite
from stnet.systems.concat.system import BackboneEncoder
from stnet.systems.interface import Encoder
from stnet.systems.shared.suite import freeze_suite
from stnet.systems.towers import PatchEncoder
from tests.evaluation.toys import ToySuite


@pytest.fixture(scope="module")
def frozen(plain_pool):
    return freeze_suite(plain_pool, ToySuite())


@torch.inference_mode()
def test_what_learns_on_top_sees_what_the_whole_model_would(plain_pool, frozen):
    model = plain_pool.fresh_model(3)
    expected = encode_suite(model, plain_pool.processor, ToySuite())
    found = frozen.encoded(model)
    for name in ("patches", "sketches", "texts"):
        torch.testing.assert_close(getattr(found, name), getattr(expected, name), rtol=1e-3, atol=1e-4)
    assert found.queries == frozen.asked.queries and found.images == len(ToySuite())


@torch.inference_mode()
def test_encoders_see_what_they_would_make_of_the_pixels(plain_pool, frozen):
    model = plain_pool.fresh_model(3)
    assert torch.equal(frozen.seen_by(PatchEncoder(model)).stored, frozen.encoded(model).patches)
    seen = frozen.seen_by(BackboneEncoder(model))
    assert seen.stored.shape == (len(ToySuite()), 1280)
    assert torch.equal(seen.sketches, frozen.seen.sketches)
    coarse = frozen.seen.stored[:, -1280 * 4 :].unflatten(1, (1280, 2, 2))
    torch.testing.assert_close(seen.stored, coarse.mean((2, 3)))


def test_other_networks_and_half_a_suite_are_refused(plain_pool, frozen):
    class Other(Encoder):
        def pictures(self, values):
            return values

        def sketches(self, values):
            return values

    with pytest.raises(ValueError, match="Other does not look through the shared pool's networks"):
        frozen.seen_by(Other())
    with pytest.raises(ValueError, match="both are needed"):
        freeze_suite(plain_pool, ToySuite(words=False)).encoded(plain_pool.model)
