"""Starting from networks that were trained apart: their weights, folders and a checkpoint."""

import json
import sys
from shutil import copytree
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel, ResNetBackbone, ResNetConfig

from stnet.model.configuration import EfficientNetLiteConfig, PatchConvNetConfig
from stnet.model.modeling import STNetModel
from stnet.model.pretrained import tower_config
from stnet.model.processing import STNetProcessor
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


@pytest.fixture(scope="module")
def resnet(tmp_path_factory):
    torch.manual_seed(1)
    network = ResNetBackbone(
        ResNetConfig(embedding_size=8, hidden_sizes=[8, 12, 16, 24], depths=[1] * 4, layer_type="basic")
    )
    folder = tmp_path_factory.mktemp("resnet")
    network.save_pretrained(folder)
    return folder, network


def start_with(source, towers, **config):
    return STNetModel.from_pretrained_towers(
        image=str(source), sketch=str(source), text=str(towers[0] / "text"), projection_dim=16, **config
    )


TOWER = {"image_size": 64, "hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2}


def test_pictures_and_drawings_begin_with_any_backbone_of_transformers(towers, resnet):
    folder, network = resnet
    model = start_with(folder, towers, image_config=TOWER)
    for tower in (model.image_tower, model.sketch_tower):
        for name, weights in network.state_dict().items():
            assert torch.equal(tower.backbone.network.state_dict()[name], weights), name
    assert model.config.sketch_config.hidden_size == 24  # the network's own width
    assert model.encode_image(torch.randn(2, 3, 64, 64)).shape == (2, 16, 16)
    assert model.encode_sketch(torch.randn(2, 3, 96, 96)).shape == (2, 16)


@torch.no_grad()
def test_a_model_around_a_backbone_survives_a_checkpoint(towers, resnet, tmp_path):
    model = start_with(resnet[0], towers, image_config=TOWER)
    model.save_pretrained(tmp_path)
    again = STNetModel.from_pretrained(tmp_path).eval()
    pixels, ink = torch.randn(2, 3, 64, 64), torch.randn(2, 3, 96, 96)
    assert torch.equal(again.encode_image(pixels), model.encode_image(pixels))
    assert torch.equal(again.encode_sketch(ink), model.encode_sketch(ink))


def test_pixels_are_prepared_as_the_network_was_trained(towers, resnet, tmp_path):
    copytree(resnet[0], tmp_path / "network")
    assert tower_config(str(resnet[0]), {}).image_mean == [0.485, 0.456, 0.406]  # ImageNet's
    saved = {"image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6]}
    (tmp_path / "network/preprocessor_config.json").write_text(json.dumps(saved))
    model = start_with(tmp_path / "network", towers, image_config=TOWER)
    processor = STNetProcessor.for_config(model.config, SimpleNamespace(eos_token_id=0))
    assert processor.image.mean == (0.1, 0.2, 0.3) and processor.sketch_settings.std == (0.4, 0.5, 0.6)


def test_a_tower_of_another_kind_is_refused(towers, resnet):
    with pytest.raises(ValueError, match="must be a stnet_backbone"):
        start_with(resnet[0], towers, image_config=EfficientNetLiteConfig().to_dict())
    with pytest.raises(ValueError, match="must be a stnet_efficientnet_lite"):
        start(towers[0], image_config=PatchConvNetConfig())


def test_a_backbone_without_its_weights_is_refused(towers, resnet, tmp_path):
    copytree(resnet[0], tmp_path / "network")
    (tmp_path / "network/model.safetensors").unlink()
    with pytest.raises(ValueError, match=r"network doesn't hold the weights of its configuration"):
        start_with(tmp_path / "network", towers, image_config=TOWER)


def test_a_network_of_timm_says_what_it_needs(towers, monkeypatch):
    monkeypatch.setitem(sys.modules, "timm", None)  # as where it isn't installed
    with pytest.raises(ValueError, match="pip install timm torchvision"):
        start_with("timm/resnet18", towers)
