"""Every command line that opens weights says on one line what is wrong with them, and ends with a code."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

import app
import index_builder.__main__ as index_builder
import stnet.evaluate as evaluate
import stnet.export as export
import stnet.search.__main__ as search
import stnet.train as train
from tests.galleries import make_gallery

pytestmark = pytest.mark.usefixtures("own_port")


def truncated(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def pickled(folder: Path) -> None:
    """Only a file whose opening could run code."""
    weights = folder / "model.safetensors"
    torch.save(load_file(weights), folder / "pytorch_model.bin")
    weights.unlink()


def incomplete(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["neutral_sketch"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def foreign(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "bert"}')


def missing(folder: Path) -> None:
    shutil.rmtree(folder)


Command = Callable[[Path, Path], int]


def searched(checkpoint: Path, work: Path) -> int:
    return search.main(["--text", "red", "--checkpoint", str(checkpoint), "--gallery", str(work / "gallery")])


def evaluated(checkpoint: Path, work: Path) -> int:
    return evaluate.main(["--suite", "shapes", "--images", "2", "--checkpoint", str(checkpoint)])


def exported(checkpoint: Path, work: Path) -> int:
    return export.main(["--run", str(checkpoint), "--out", str(work / "exported")])


def indexed(checkpoint: Path, work: Path) -> int:
    given = ["--images", str(work / "photos"), "--checkpoint", str(checkpoint), "--out", str(work / "new")]
    return index_builder.main(given)


def verified(checkpoint: Path, work: Path) -> int:
    return index_builder.main(["verify", str(work / "gallery"), "--checkpoint", str(checkpoint)])


def trained(checkpoint: Path, work: Path) -> int:
    config = work / "run.yaml"
    config.write_text(
        f"stage: sketch\noutput: {work / 'run'}\nsteps: 1\nstart: {{all: '{checkpoint}'}}\n"
        "weights: {classification: 1.0}\nworkers: 0\n"
    )
    return train.main(["--config", str(config)])


def served(checkpoint: Path, work: Path) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STNET_CHECKPOINT", str(checkpoint))
        patch.setenv("STNET_GALLERY", str(work / "gallery"))
        patch.setattr("signal.signal", lambda *_: None)  # the tests stop as they always do
        return app.main()


COMMANDS = (searched, evaluated, exported, indexed, verified, trained, served)


@pytest.fixture(scope="module")
def made(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photos and their gallery, which no test changes."""
    folder = tmp_path_factory.mktemp("made")
    make_gallery(folder, tiny_checkpoint, count=3)
    return folder


@pytest.fixture
def work(made: Path, tiny_checkpoint: Path, tmp_path: Path) -> Path:
    """A folder with photos, their gallery, and a checkpoint that the test damages."""
    for name in ("photos", "gallery"):
        (tmp_path / name).symlink_to(made / name)
    shutil.copytree(tiny_checkpoint, tmp_path / "checkpoint")
    return tmp_path


@pytest.mark.parametrize("damage", [truncated, pickled, incomplete, foreign, missing])
@pytest.mark.parametrize("command", COMMANDS)
def test_unusable_weights_end_a_command_with_one_line(
    command: Command, damage: Callable[[Path], None], work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(work / "checkpoint")
    assert command(work / "checkpoint", work) == (1 if command is served else 2)
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert len(said) == 1
    assert str(work / "checkpoint") in said[0]
    if damage is pickled:
        assert "expected config.json and at least one .safetensors file" in said[0]


@pytest.mark.parametrize("command", [searched, evaluated, indexed, verified, trained, served])
def test_an_unknown_device_ends_a_command_with_one_line(
    command: Command, work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STNET_DEVICE", "warp-drive")
    assert command(work / "checkpoint", work) == (1 if command is served else 2)
    assert "error: The device 'warp-drive' can't be used here" in capsys.readouterr().err
