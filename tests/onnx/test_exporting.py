"""Towers as ONNX networks: any batch, any length, torch's numbers; what can't be one is refused."""

import pytest
import torch

from stnet.model.modeling import STNetModel
from stnet.onnx import exporting
from stnet.onnx.exporting import TOWERS, ExportError, export_towers
from stnet.onnx.towers import OnnxTower


class Untraceable(torch.nn.Module):
    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("not for tracing")


@pytest.mark.parametrize("batch", [1, 5])
@torch.inference_mode()
def test_pictures_and_drawings_of_any_batch(model, networks, batch):
    torch.manual_seed(0)
    for name, shape in (("image_tower", (batch, 3, 64, 64)), ("sketch_tower", (batch, 1, 32, 32))):
        pixels, tower = torch.randn(shape), getattr(model, name)
        found = OnnxTower(tower, networks[name], threads=2)(pixels)
        torch.testing.assert_close(found, tower(pixels), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(("batch", "length"), [(1, 2), (1, 16), (4, 9)])
@torch.inference_mode()
def test_texts_of_any_length_and_padding(model, networks, batch, length):
    torch.manual_seed(0)
    ids = torch.randint(4, 400, (batch, length))
    ids[:, -1] = 3
    mask = torch.ones_like(ids)
    mask[0, length // 2 :] = 0
    found = OnnxTower(model.text_tower, networks["text_tower"], threads=1)(input_ids=ids, attention_mask=mask)
    torch.testing.assert_close(
        found, model.text_tower(input_ids=ids, attention_mask=mask), atol=1e-4, rtol=1e-4
    )


def test_a_tower_that_cannot_be_traced_is_refused(tiny_checkpoint):
    model = STNetModel.from_pretrained(tiny_checkpoint).eval()
    model.image_tower = Untraceable()
    with pytest.raises(ExportError, match=r"image_tower can't become an ONNX network: .*not for tracing"):
        export_towers(model)


def test_a_network_that_answers_otherwise_is_refused(model, monkeypatch):
    monkeypatch.setattr(exporting, "LEAST_COSINE", 1.1)
    with pytest.raises(ExportError, match=r"image_tower answers otherwise .*: cosine 1\.0000"):
        export_towers(model)
    assert TOWERS[0] == "image_tower"
