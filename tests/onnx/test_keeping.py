"""Kept networks: whole or not at all, one file for each checkpoint."""

import zipfile

import pytest

from stnet.onnx.exporting import TOWERS
from stnet.onnx.keeping import keep_networks, kept_file, read_networks

MODEL = "f" * 64
NETWORKS = {name: name.encode() * 500 for name in TOWERS}


def test_they_come_back_as_they_were_kept(tmp_path):
    assert keep_networks(tmp_path / "new", MODEL, NETWORKS) == kept_file(tmp_path / "new", MODEL)
    assert read_networks(tmp_path / "new", MODEL) == NETWORKS
    assert read_networks(tmp_path / "new", "0" * 64) is None
    later = dict.fromkeys(TOWERS, b"later")
    keep_networks(tmp_path / "new", MODEL, later)
    assert read_networks(tmp_path / "new", MODEL) == later
    assert len(list((tmp_path / "new").iterdir())) == 1


@pytest.mark.parametrize("damage", ["empty", "cut", "changed", "few"])
def test_what_is_damaged_counts_as_nothing(tmp_path, damage):
    path = keep_networks(tmp_path, MODEL, NETWORKS)
    content = path.read_bytes()
    if damage == "few":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(TOWERS[0], b"alone")
    else:
        changed = content.replace(b"towerimage", b"towerImage", 1)
        path.write_bytes({"empty": b"", "cut": content[:300], "changed": changed}[damage])
    assert path.read_bytes() != content
    assert read_networks(tmp_path, MODEL) is None


def test_where_nothing_can_be_written_nothing_is_left(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError):
        keep_networks(tmp_path / "file", MODEL, NETWORKS)
    kept_file(tmp_path, MODEL).mkdir()
    with pytest.raises(OSError):
        keep_networks(tmp_path, MODEL, NETWORKS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", kept_file(tmp_path, MODEL).name]
