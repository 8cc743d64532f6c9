"""The command from packages on the shelf to a folder that training reads."""

import hashlib
import tarfile

from stnet.data.pictograms import __main__ as command
from stnet.data.pictograms.clip_art import FOLDERS, ROOT
from stnet.data.pictograms.npm import NpmPackage
from stnet.data.pictograms.pictograms import Pictograms
from tests.data.pictograms.shelf import DISC, emoji, write_fluent, write_openmoji


def packed(folder, shelf, name):
    """The folder as an archive of npm on the shelf."""
    path = shelf / f"{name}-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as files:
        files.add(folder, "package")
    return NpmPackage(name, "1.0.0", hashlib.sha256(path.read_bytes()).hexdigest())


def write_package(package, downloads, folder):
    for name in FOLDERS:
        (folder / ROOT / name).mkdir(parents=True, exist_ok=True)
        (folder / ROOT / name / "thing.svg").write_text(DISC)
    return "1.0"


def test_pictograms_are_made_from_three_packages(tmp_path, monkeypatch, capsys):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    openmoji = packed(write_openmoji(tmp_path / "o", [emoji("1F528", "hammer")]), shelf, "openmoji")
    fluent = packed(write_fluent(tmp_path / "f", ["1f528"]), shelf, "fluent")
    monkeypatch.setattr(command, "OPENMOJI", openmoji)
    monkeypatch.setattr(command, "FLUENT", fluent)
    monkeypatch.setattr(command, "unpack", write_package)
    out = tmp_path / "out"
    assert command.main(["--out", str(out), "--packages", str(shelf)]) == 0
    pictures = len(FOLDERS) + 2
    assert f"{pictures} pictures of 2 things, 1 line drawings" in capsys.readouterr().out
    assert len(Pictograms.load(out).cut_outs) == pictures


def test_a_package_that_cannot_be_had_ends_with_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.main(["--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == "error: npm is missing: it comes with Node.js\n"
