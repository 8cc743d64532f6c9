"""A tower in ONNX Runtime is shared by threads, and keeps torch's parameters."""

from concurrent.futures import ThreadPoolExecutor

import torch

from stnet.onnx.towers import OnnxTower


def test_users_who_come_at_once_get_what_each_gets_alone(model, networks):
    tower = OnnxTower(model.sketch_tower, networks["sketch_tower"], threads=2)
    drawings = torch.randn(24, 1, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    alone = [tower(drawing) for drawing in drawings]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(tower, drawings))
    torch.testing.assert_close(together, alone, atol=1e-6, rtol=0)


def test_texts_without_a_mask_have_no_padding(model, networks):
    tower, ids = OnnxTower(model.text_tower, networks["text_tower"], threads=1), torch.tensor([[1, 9, 8, 3]])
    masked = tower(input_ids=ids, attention_mask=torch.ones_like(ids))
    assert torch.equal(tower(input_ids=ids), masked)
    assert not torch.equal(tower(input_ids=ids, attention_mask=torch.tensor([[0, 0, 1, 1]])), masked)


def test_the_parameters_stay_the_model_s(model, networks):
    tower = OnnxTower(model.image_tower, networks["image_tower"], threads=1)
    assert {id(value) for value in tower.parameters()} == {id(v) for v in model.image_tower.parameters()}
