"""A shipped checkpoint is half as large, loads as float32 by default, and answers like its run."""

import shutil
from pathlib import Path

import pytest
import torch
from PIL import Image

from stnet.checkpoint import export, load_as_trained
from stnet.export import main
from stnet.fingerprint import model_fingerprint
from stnet.model.configuration import EfficientNetLiteConfig, STNetConfig
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.onnx.exporting import TOWERS
from stnet.onnx.keeping import kept_file, read_networks


def test_exported_weights_are_half_the_size_and_load_as_float32(
    tiny_checkpoint: Path, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text("card")
    export(tiny_checkpoint, tmp_path)
    sizes = [
        sum(f.stat().st_size for f in folder.glob("*.safetensors")) for folder in (tmp_path, tiny_checkpoint)
    ]
    assert sizes[0] < 0.7 * sizes[1]
    assert (tmp_path / "README.md").read_text() == "card"
    exported, original = STNetModel.from_pretrained(tmp_path), STNetModel.from_pretrained(tiny_checkpoint)
    assert exported.dtype == torch.float32
    for name, value in original.state_dict().items():
        assert torch.allclose(exported.state_dict()[name].float(), value.float(), rtol=1e-3, atol=1e-6), name


def test_exported_model_scores_like_the_original(tiny_checkpoint: Path, tmp_path: Path) -> None:
    export(tiny_checkpoint, tmp_path)
    generator = torch.Generator().manual_seed(0)
    pixels, ink = torch.rand(3, 3, 64, 64, generator=generator), torch.rand(2, 1, 32, 32, generator=generator)
    with torch.inference_mode():
        scores = [
            STNetModel.from_pretrained(folder)(pixel_values=pixels, sketch_values=ink).scores
            for folder in (tmp_path, tiny_checkpoint)
        ]
    assert torch.allclose(*scores, atol=5e-3)


def test_what_drawings_count_beside_words_is_said_on_export(tiny_checkpoint: Path, tmp_path: Path) -> None:
    assert main(["--run", str(tiny_checkpoint), "--out", str(tmp_path), "--sketch-share", "0.4"]) == 0
    assert STNetModel.from_pretrained(tmp_path).config.sketch_share == 0.4
    assert STNetModel.from_pretrained(tiny_checkpoint).config.sketch_share == 1.0


def test_what_drawings_are_taken_for_counts_as_the_export_says(
    tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = load_as_trained(tiny_checkpoint, torch.device("cpu"))
    names = STNetConfig(**tiny.model.config.to_dict() | {"drawn_names": ["cat", "cup"]})
    STNetModel(names).save_pretrained(tmp_path / "run")
    tiny.processor.save_pretrained(tmp_path / "run")
    to = ["--out", str(tmp_path / "out"), "--names-share", "0.7"]
    assert main(["--run", str(tmp_path / "run"), *to]) == 0
    assert STNetModel.from_pretrained(tmp_path / "out").config.names_share == 0.7
    assert main(["--run", str(tiny_checkpoint), *to]) == 2
    assert "the model names no drawings" in capsys.readouterr().err


def test_pictures_are_seen_at_several_sizes_in_as_many_patches(tiny_checkpoint: Path, tmp_path: Path) -> None:
    tiny = load_as_trained(tiny_checkpoint, torch.device("cpu"))
    tower = EfficientNetLiteConfig(image_size=64, hidden_size=16, intermediate_size=32, num_attention_heads=2)
    others = {name: getattr(tiny.model.config, f"{name}_config") for name in ("sketch", "text")}
    config = STNetConfig(tower, others["sketch"], others["text"], projection_dim=16)
    STNetModel(config).save_pretrained(tmp_path / "run")
    STNetProcessor.for_config(config, tiny.processor.tokenizer).save_pretrained(tmp_path / "run")
    to = ["--run", str(tmp_path / "run"), "--out", str(tmp_path / "out")]
    assert main([*to, "--image-sizes", "64", "96"]) == 0
    loaded = load_as_trained(tmp_path / "out", torch.device("cpu"))
    assert (loaded.model.config.image_size, loaded.model.config.grid) == (96, (4, 4))
    assert loaded.model.image_tower.smaller_sizes == [64]
    pixels = loaded.processor.images([Image.new("RGB", (40, 30))])
    assert pixels.shape == (1, 3, 96, 96)
    with torch.inference_mode():
        assert loaded.model.encode_image(pixels).shape == (1, 16, 16)
    assert main([*to, "--image-sizes", "90"]) == 2


def test_a_share_that_is_none_is_refused(
    tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--run", str(tiny_checkpoint), "--out", str(tmp_path), "--sketch-share", "0"]) == 2
    assert "sketch_share must be above 0 and at most 1, got 0.0" in capsys.readouterr().err


def test_a_folder_without_a_checkpoint_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--run", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "expected config.json" in capsys.readouterr().err


def test_a_run_needs_a_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--run", str(tmp_path)])
    assert ended.value.code == 2 and "--run needs --out" in capsys.readouterr().err


def test_onnx_networks_lie_where_a_server_looks(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STNET_CACHE", str(tmp_path))
    assert main(["--onnx", str(tiny_checkpoint)]) == 0
    fingerprint = model_fingerprint(tiny_checkpoint)
    assert capsys.readouterr().out == f"{kept_file(tmp_path, fingerprint)}\n"
    assert set(read_networks(tmp_path, fingerprint) or ()) == set(TOWERS)
    assert main(["--onnx", str(tmp_path)]) == 2
    assert "expected config.json" in capsys.readouterr().err


def test_weights_beyond_float16_are_refused(tiny_checkpoint: Path, tmp_path: Path) -> None:
    model = STNetModel.from_pretrained(tiny_checkpoint)
    with torch.no_grad():
        model.neutral_text.fill_(1e6)
    shutil.copytree(tiny_checkpoint, tmp_path, dirs_exist_ok=True)
    model.save_pretrained(tmp_path)
    with pytest.raises(ValueError, match="neutral_text has values that float16"):
        export(tmp_path, tmp_path / "out")
