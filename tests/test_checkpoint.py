import shutil
from pathlib import Path

import pytest
import torch

from stnet import checkpoint as loading
from stnet.checkpoint import (
    LoadingError,
    choose_device,
    choose_galleries,
    choose_source,
    load_as_trained,
    load_model,
)
from stnet.model.configuration import EfficientNetLiteConfig, STNetConfig
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor

CPU = torch.device("cpu")


@pytest.fixture
def checkpoint(tiny_checkpoint, tmp_path):
    """A copy that the test may damage."""
    return shutil.copytree(tiny_checkpoint, tmp_path / "checkpoint")


def test_what_is_given_goes_before_the_environment_and_that_before_assets(monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "ASSETS", tmp_path)
    (tmp_path / "gallery").mkdir()
    monkeypatch.setenv("STNET_GALLERY", "from/environment")
    assert choose_source("gallery", "given") == "given"
    assert choose_source("gallery", None) == "from/environment"
    monkeypatch.delenv("STNET_GALLERY")
    assert choose_source("gallery", None) == tmp_path / "gallery"
    with pytest.raises(
        LoadingError, match=r"There is no checkpoint: give a folder .* or set STNET_CHECKPOINT"
    ):
        choose_source("checkpoint", None)


def test_several_galleries_are_named_with_commas_and_the_first_is_the_one(monkeypatch):
    monkeypatch.setenv("STNET_GALLERY", " mine, owner/name@revision ,,other folder,")
    assert choose_galleries() == ["mine", "owner/name@revision", "other folder"]
    assert choose_source("gallery", None) == "mine"
    monkeypatch.setenv("STNET_CHECKPOINT", "one, with a comma")
    assert choose_source("checkpoint", None) == "one, with a comma"


@pytest.mark.parametrize("value", ["", " , "])
def test_the_shipped_galleries_are_offered_where_none_is_named(monkeypatch, tmp_path, value):
    monkeypatch.setattr(loading, "ASSETS", tmp_path)
    monkeypatch.setenv("STNET_GALLERY", value)
    with pytest.raises(LoadingError, match=r"There is no gallery: give a folder .* or set STNET_GALLERY"):
        choose_galleries()
    (tmp_path / "gallery").mkdir()
    assert choose_galleries() == [tmp_path / "gallery"]
    (tmp_path / "gallery-scenes").mkdir()
    assert choose_galleries() == [tmp_path / "gallery", tmp_path / "gallery-scenes"]
    assert choose_source("gallery", None) == tmp_path / "gallery"


def test_the_device_is_chosen_likewise(monkeypatch):
    monkeypatch.setenv("STNET_DEVICE", "cpu")
    assert choose_device() == CPU
    for name in ("warp-drive", "cuda:99"):
        monkeypatch.setenv("STNET_DEVICE", name)
        with pytest.raises(LoadingError, match=f"The device '{name}' can't be used here"):
            choose_device()
    assert choose_device("cpu") == CPU


def test_a_checkpoint_loads_for_inference_in_float32(checkpoint):
    loaded = load_model(checkpoint, CPU)
    assert not loaded.model.training
    assert next(loaded.model.parameters()).dtype == torch.float32
    assert loaded.name == "checkpoint"
    assert len(loaded.fingerprint) == 64


def test_a_missing_checkpoint_says_what_was_expected(tmp_path):
    with pytest.raises(
        ValueError, match=r"There is no checkpoint at .*absent: expected a folder, or owner/name"
    ):
        load_model(tmp_path / "absent", CPU)
    with pytest.raises(ValueError, match=r"is not a checkpoint: expected config.json"):
        load_model(tmp_path, CPU)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "name", ["model.safetensors", "config.json", "preprocessor_config.json", "tokenizer.json"]
)
def test_a_truncated_file_of_a_checkpoint_is_refused(checkpoint, name):
    truncate(checkpoint / name)
    with pytest.raises(LoadingError, match="can't be loaded"):
        load_model(checkpoint, CPU)


@pytest.mark.parametrize("name", ["preprocessor_config.json", "tokenizer.json"])
def test_a_missing_file_of_a_checkpoint_is_refused(checkpoint, name):
    (checkpoint / name).unlink()
    with pytest.raises(LoadingError, match="can't be loaded"):
        load_model(checkpoint, CPU)


def test_missing_weights_are_refused_and_not_made_up(checkpoint):
    from safetensors.torch import load_file, save_file

    weights = load_file(checkpoint / "model.safetensors")
    del weights["neutral_sketch"]
    save_file(weights, checkpoint / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(LoadingError, match="is incomplete: 1 weights are missing"):
        load_model(checkpoint, CPU)


def test_a_foreign_checkpoint_is_refused(checkpoint):
    (checkpoint / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(LoadingError):
        load_model(checkpoint, CPU)


def test_folded_batch_norms_change_no_vector(checkpoint, tmp_path):
    tower = EfficientNetLiteConfig(image_size=32, hidden_size=16, intermediate_size=32, num_attention_heads=2)
    tiny = load_as_trained(checkpoint, CPU)
    fields = {"image_config": tower, "text_config": tiny.model.config.text_config}
    config = STNetConfig(**fields, sketch_config=tiny.model.config.sketch_config, projection_dim=16)
    torch.manual_seed(0)
    STNetModel(config).save_pretrained(tmp_path / "saved")
    STNetProcessor.for_config(config, tiny.processor.tokenizer).save_pretrained(tmp_path / "saved")
    folded, trained = (load(tmp_path / "saved", CPU).model for load in (load_model, load_as_trained))
    pictures = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.allclose(folded.encode_image(pictures), trained.encode_image(pictures), atol=1e-4)
    assert any(isinstance(layer, torch.nn.BatchNorm2d) for layer in trained.image_tower.modules())
    assert not any(isinstance(layer, torch.nn.BatchNorm2d) for layer in folded.image_tower.modules())
