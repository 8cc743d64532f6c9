"""The model that serves: in ONNX Runtime where it can be, in torch where not, the same answers from both."""

import shutil
import sys
from pathlib import Path

import pytest
import torch

from index_builder import build_gallery, open_source
from stnet.checkpoint import LoadedModel, LoadingError, load_model
from stnet.gallery.gallery import Gallery
from stnet.onnx import loading
from stnet.onnx.exporting import TOWERS, ExportError
from stnet.onnx.keeping import keep_networks, kept_file, read_networks
from stnet.onnx.loading import load_fast, run_in_onnx
from stnet.onnx.towers import OnnxTower
from stnet.search import SearchEngine
from tests.galleries import make_photos

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def wanted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STNET_ONNX", "1")
    monkeypatch.setenv("STNET_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def kept(tiny_checkpoint, tmp_path_factory) -> Path:
    """A cache folder that has the tiny checkpoint's networks. Read-only."""
    folder = tmp_path_factory.mktemp("kept")
    run_in_onnx(load_model(tiny_checkpoint, CPU), folder)
    return folder


@pytest.fixture
def cache(kept, tmp_path) -> Path:
    """The same as this test's own cache."""
    return Path(shutil.copytree(kept, tmp_path / "cache"))


def no_export(model):
    raise ExportError("this test exports nothing")


def in_onnx(loaded: LoadedModel) -> bool:
    towers = [isinstance(getattr(loaded.model, name), OnnxTower) for name in TOWERS]
    assert len(set(towers)) == 1
    return all(towers)


@torch.inference_mode()
def vectors(loaded: LoadedModel) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    pixels = torch.rand(3, 3, 64, 64, generator=generator), torch.rand(2, 1, 32, 32, generator=generator)
    ids, mask = loaded.processor.text_batch(["a red one", "left of a green square at night"])
    model = loaded.model
    return [model.encode_image(pixels[0]), model.encode_sketch(pixels[1]), model.encode_text(ids, mask)]


def test_both_give_the_same_vectors(tiny_checkpoint):
    fast, eager = load_fast(tiny_checkpoint, CPU), load_model(tiny_checkpoint, CPU)
    assert in_onnx(fast) and not in_onnx(eager)
    assert fast.fingerprint == eager.fingerprint
    for found, expected in zip(vectors(fast), vectors(eager), strict=True):
        torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)


def test_what_was_kept_is_used_again(tiny_checkpoint, cache, monkeypatch):
    monkeypatch.setattr(loading, "export_towers", no_export)
    assert in_onnx(load_fast(tiny_checkpoint, CPU))


def test_another_checkpoint_has_networks_of_its_own(tiny_checkpoint, cache, tmp_path):
    other = Path(shutil.copytree(tiny_checkpoint, tmp_path / "other"))
    loaded = load_model(other, CPU)
    torch.manual_seed(0)
    with torch.no_grad():
        for value in loaded.model.sketch_tower.parameters():
            value.add_(0.1 * torch.randn_like(value))
    loaded.model.save_pretrained(other)
    fast = load_fast(other, CPU)
    assert in_onnx(fast) and len(list(cache.iterdir())) == 2
    expected = vectors(load_model(other, CPU))[1]
    torch.testing.assert_close(vectors(fast)[1], expected, atol=1e-4, rtol=1e-4)
    assert not torch.allclose(vectors(load_fast(tiny_checkpoint, CPU))[1], expected, atol=1e-2)


@pytest.mark.parametrize("damage", ["cut", "no network"])
def test_what_is_damaged_is_made_anew(tiny_checkpoint, cache, damage):
    fingerprint = load_model(tiny_checkpoint, CPU).fingerprint
    whole, path = read_networks(cache, fingerprint), kept_file(cache, fingerprint)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    else:
        keep_networks(cache, fingerprint, dict.fromkeys(TOWERS, b"nothing of onnx's"))
    assert in_onnx(load_fast(tiny_checkpoint, CPU))
    assert read_networks(cache, fingerprint).keys() == whole.keys()
    assert min(map(len, read_networks(cache, fingerprint).values())) > 10_000


def test_where_nothing_can_be_kept_they_run_all_the_same(tiny_checkpoint, tmp_path):
    (tmp_path / "cache").write_text("in the way")
    assert in_onnx(load_fast(tiny_checkpoint, CPU))


def test_what_cannot_be_exported_stays_in_torch(tiny_checkpoint, monkeypatch, caplog):
    monkeypatch.setattr(loading, "export_towers", no_export)
    loaded = load_fast(tiny_checkpoint, CPU)
    assert not in_onnx(loaded) and torch.isfinite(vectors(loaded)[0]).all()
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == "The networks run in torch, not in ONNX Runtime: this test exports nothing"


@pytest.mark.parametrize(("asked", "lines"), [("1", 1), ("", 0)])
def test_without_the_package_it_is_torch(tiny_checkpoint, cache, monkeypatch, caplog, asked, lines):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setenv("STNET_ONNX", asked)
    assert not in_onnx(load_fast(tiny_checkpoint, CPU))
    assert len(caplog.records) == lines
    assert all("onnxruntime" in record.getMessage() for record in caplog.records)


def test_the_variable_turns_it_off(tiny_checkpoint, cache, monkeypatch, caplog):
    monkeypatch.setenv("STNET_ONNX", "0")
    assert not in_onnx(load_fast(tiny_checkpoint, CPU)) and not caplog.records
    monkeypatch.setenv("STNET_ONNX", "")
    assert in_onnx(load_fast(tiny_checkpoint, CPU))
    monkeypatch.setenv("STNET_ONNX", "yes")
    with pytest.raises(LoadingError, match="STNET_ONNX must be 0 or 1, got 'yes'"):
        load_fast(tiny_checkpoint, CPU)


def test_another_device_keeps_torch(tiny_checkpoint, cache):
    assert not in_onnx(load_fast(tiny_checkpoint, torch.device("meta")))


def test_a_gallery_of_either_opens_with_either(tiny_checkpoint, cache, tmp_path):
    photos = open_source(str(make_photos(tmp_path / "photos", 6)))
    models = [load_fast(tiny_checkpoint, CPU), load_model(tiny_checkpoint, CPU)]
    found = []
    for number, builder in enumerate(models):
        build_gallery(photos, builder, tmp_path / f"gallery-{number}")
        for searcher in models:
            engine = SearchEngine(searcher, Gallery.open(tmp_path / f"gallery-{number}"))
            found.append([one.score for one in engine.search(text="a red one", top_k=6).results])
    assert found == [pytest.approx(found[0], abs=0.01)] * 4
