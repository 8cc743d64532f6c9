"""Starting from networks that were trained apart: their weights, folders and a checkpoint."""

import pytest
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

from stnet.model.configuration import EfficientNetLiteConfig
from stnet.model.modeling import STNetModel
from stnet.model.towers.efficientnet_lite import EfficientNetLite


@pytest.fixture(scope="module")
def towers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("towers")
    torch.manual_seed(0)
    (folder / "image").mkdir()
    save_file(EfficientNetLite().state_dict(), folder / "image" / "model.safetensors")
    bert = BertModel(
        BertConfig(
            vocab_size=40,
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=12,
        )
    )
    bert.save_pretrained(folder / "text")
    return folder, bert.eval()


def start(folder, **config):
    image = EfficientNetLiteConfig(image_size=64, hidden_size=16, intermediate_size=32, num_attention_heads=2)
    return STNetModel.from_pretrained_towers(
        image=str(folder / "image"),
        sketch=str(folder / "image"),
        text=str(folder / "text"),
        **{"image_config": image, "projection_dim": 16} | config,
    )


@torch.no_grad()
def test_words_are_the_average_of_the_encoders_tokens(towers):
    folder, bert = towers
    ids = torch.tensor([[2, 7, 8, 3], [2, 9, 3, 0]])
    mask = (ids != 0).long()
    hidden = bert(input_ids=ids, attention_mask=mask).last_hidden_state
    expected = torch.stack([hidden[0].mean(0), hidden[1, :3].mean(0)])
    assert torch.allclose(start(folder).text_tower(ids, mask), expected, atol=1e-6)


def test_pictures_and_drawings_begin_with_the_same_network(towers):
    folder, _ = towers
    model = start(folder)
    for (name, first), second in zip(
        model.image_tower.backbone.state_dict().items(),
        model.sketch_tower.backbone.state_dict().values(),
        strict=True,
    ):
        assert torch.equal(first, second), name


@torch.no_grad()
def test_it_survives_a_checkpoint(towers, tmp_path):
    model = start(towers[0])
    model.save_pretrained(tmp_path)
    again = STNetModel.from_pretrained(tmp_path).eval()
    inputs = {
        "pixel_values": torch.randn(2, 3, 64, 64),
        "sketch_values": torch.randn(2, 3, 96, 96),
        "input_ids": torch.tensor([[2, 7, 3], [2, 9, 3]]),
    }
    assert torch.allclose(again(**inputs).scores, model(**inputs).scores, atol=1e-6)
    assert again.config.text_config.model_type == "bert"


def test_weights_of_another_network_are_refused(towers, tmp_path):
    folder, _ = towers
    save_file({"a": torch.ones(1)}, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="EfficientNet-Lite0"):
        STNetModel.from_pretrained_towers(
            image=str(tmp_path), sketch=str(folder / "image"), text=str(folder / "text")
        )


def test_what_the_text_encoder_fixes_cant_be_set(towers):
    with pytest.raises(ValueError, match="text_config"):
        start(towers[0], text_config=BertConfig())
