"""Starting app.py where it can't start: one line, exit code 1, no traceback."""

import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import app

pytestmark = pytest.mark.usefixtures("own_port")


@pytest.fixture
def gallery(tmp_path: Path, tiny_checkpoint: Path) -> Path:
    from tests.galleries import make_gallery

    return make_gallery(tmp_path, tiny_checkpoint, count=4)


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    """What main() says when it doesn't start."""
    assert app.main() == 1
    captured = capsys.readouterr()
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    return lines[0]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web", "٣", "1.5"])
def test_a_port_that_is_none_is_refused(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", port)
    assert "PORT must be a whole number" in refusal(capsys)


def test_port_and_address_have_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "SPACE_ID", "GRADIO_SERVER_NAME"):
        monkeypatch.delenv(name, raising=False)
    assert app.chosen_port() == 7860
    assert app.address_to_listen_on() == "127.0.0.1"
    monkeypatch.setenv("SPACE_ID", "somebody/stnet")
    monkeypatch.setenv("PORT", "8123")
    assert app.chosen_port() == 8123
    assert app.address_to_listen_on() == "0.0.0.0"


@pytest.mark.parametrize(("value", "wanted"), [("", False), ("0", False), ("1", True)])
def test_mcp_is_asked_for_by_a_one(value: str, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCP", value)
    assert app.wants_mcp() is wanted


def test_mcp_that_cannot_be_served_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MCP", "yes")
    assert "MCP must be 1 or 0" in refusal(capsys)
    monkeypatch.setenv("MCP", "1")
    monkeypatch.setattr("app.find_spec", lambda name: None)
    assert "'.[mcp]'" in refusal(capsys)


def test_a_missing_checkpoint_is_named(
    gallery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STNET_GALLERY", str(gallery))
    monkeypatch.setenv("STNET_CHECKPOINT", str(tmp_path / "nowhere"))
    assert "nowhere" in refusal(capsys)


def test_a_missing_gallery_is_named(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STNET_CHECKPOINT", str(tiny_checkpoint))
    monkeypatch.setenv("STNET_GALLERY", str(tmp_path / "nowhere"))
    assert "nowhere" in refusal(capsys)


def test_a_truncated_checkpoint_is_refused(
    gallery: Path,
    tiny_checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = Path(shutil.copytree(tiny_checkpoint, tmp_path / "broken"))
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    monkeypatch.setenv("STNET_GALLERY", str(gallery))
    monkeypatch.setenv("STNET_CHECKPOINT", str(broken))
    assert "broken" in refusal(capsys)


def test_a_gallery_of_another_model_is_refused_with_the_command_that_helps(
    gallery: Path,
    tiny_checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import torch

    from stnet.model.modeling import STNetModel

    other = Path(shutil.copytree(tiny_checkpoint, tmp_path / "other"))
    model = STNetModel.from_pretrained(str(tiny_checkpoint))
    with torch.no_grad():
        model.text_projection.weight.mul_(2)
    model.save_pretrained(other)
    capsys.readouterr()  # transformers' progress
    monkeypatch.setenv("STNET_GALLERY", str(gallery))
    monkeypatch.setenv("STNET_CHECKPOINT", str(other))
    assert "python -m index_builder" in refusal(capsys)


def test_several_galleries_share_one_model(
    gallery: Path, tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.galleries import make_gallery

    (tmp_path / "more").mkdir()
    more = make_gallery(tmp_path / "more", tiny_checkpoint, count=3, name="More")
    monkeypatch.setenv("STNET_CHECKPOINT", str(tiny_checkpoint))
    monkeypatch.setenv("STNET_GALLERY", f"{gallery}, {more}")
    first, second = app.open_engines()
    assert (first.gallery.name, len(first.gallery)) == ("gallery", 4)
    assert (second.gallery.name, len(second.gallery)) == ("More", 3)
    assert second.loaded.model is first.loaded.model
    assert second.calibration is first.calibration


def test_the_one_of_several_galleries_that_is_of_another_model_is_named(
    gallery: Path,
    tiny_checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from stnet.gallery.manifest import read_manifest, write_manifest

    foreign = Path(shutil.copytree(gallery, tmp_path / "foreign"))
    manifest = replace(read_manifest(gallery), name="Foreign", model_fingerprint="0" * 64)
    write_manifest(foreign, manifest)
    monkeypatch.setenv("STNET_CHECKPOINT", str(tiny_checkpoint))
    monkeypatch.setenv("STNET_GALLERY", f"{gallery},{foreign}")
    line = refusal(capsys)
    assert "The gallery 'Foreign' was built with another model" in line
    assert f"--checkpoint {tiny_checkpoint} --out {foreign}" in line


def test_two_galleries_of_one_name_are_refused(
    gallery: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STNET_CHECKPOINT", str(tiny_checkpoint))
    monkeypatch.setenv("STNET_GALLERY", f"{gallery},{gallery}")
    assert "The name 'gallery' is taken" in refusal(capsys)


def test_a_port_in_use_is_said_at_once_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("STNET_CHECKPOINT", str(tmp_path / "nowhere"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("PORT", port)
        said = refusal(capsys)
    assert port in said
    assert "set PORT to another" in said
    assert "GRADIO_SERVER_PORT" not in said


@pytest.mark.parametrize("error", [RuntimeError("no GPU\nyet"), ValueError("no GPU yet")])
def test_what_can_not_be_prepared_is_said_and_the_page_goes_on(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    class Answerer:
        def calibrate(self) -> None:
            raise error

    app.prepare(Answerer())  # type: ignore[arg-type]
    assert capsys.readouterr().err == "* Not prepared yet: no GPU yet\n"


def test_what_can_be_hunted_is_known_before_somebody_hunts(
    gallery: Path, tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stnet.search import SearchEngine
    from webapp.hunt.findable import findable_rows
    from webapp.search_service import Answerer

    monkeypatch.setenv("STNET_CACHE", str(tmp_path / "cache"))
    answerer = Answerer(SearchEngine.from_pretrained(tiny_checkpoint, gallery, "cpu"))
    app.prepare(answerer)
    monkeypatch.setattr(Answerer, "found_by_words", lambda *_, **__: pytest.fail("tried on somebody's time"))
    assert findable_rows(answerer) == (0, 1, 2, 3)


def test_the_accelerator_comes_before_everything_that_may_touch_it() -> None:
    script = "import sys, webapp.accelerator; sys.exit('torch' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], cwd=Path(app.__file__).parent, check=False).returncode
        == 0
    )
    imports = [
        line for line in Path(app.__file__).read_text().splitlines() if "import" in line.split("#")[0].split()
    ]
    assert imports[0].startswith("import webapp.accelerator")
