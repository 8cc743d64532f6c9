import json

import pytest

from benchmarks import building
from benchmarks.building import Repeated, main
from benchmarks.building_table import markdown
from index_builder import open_source
from tests.galleries import make_photos

ROW = {
    "pictures": 1024,
    "build_ms": 50.0,
    "encoder_ms": 45.0,
    "build_cpu_ms": 80.0,
    "encoder_cpu_ms": 60.0,
    "peak_mib": 900.4,
}


def test_a_size_is_built_and_the_encoder_measured(tiny_checkpoint, tmp_path, capsys):
    photos = make_photos(tmp_path / "photos", 3)
    options = ["--one", "7", "--images", str(photos), "--checkpoint", str(tiny_checkpoint), "--threads", "1"]
    assert main([*options, "--batch-size", "2", "--scratch", str(tmp_path)]) == 0
    row = json.loads(capsys.readouterr().out)
    assert set(row) == set(ROW)
    assert row["pictures"] == 7
    assert min(row.values()) > 0
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_pictures_are_repeated_under_other_ids(tmp_path):
    entries = list(Repeated(open_source(str(make_photos(tmp_path / "photos", 3))), 7))
    assert len({entry.id for entry in entries}) == 7
    assert [entry.content.name for entry in entries[::3]] == ["photo-00.png"] * 3


def test_the_table_has_a_line_for_each_size(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(
        building, "measure", lambda options: {"kind": "building", "rows": [ROW] * len(options.sizes)}
    )
    assert main(["--sizes", "1", "2", "--json", str(tmp_path / "figures.json")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == markdown(json.loads((tmp_path / "figures.json").read_text())).splitlines()
    assert lines[2:] == ["| 1,024 | 50.0 | 45.0 | 90 % | 80.0 | 60.0 | 75 % | 900 |"] * 2


def test_a_build_that_fails_is_an_error(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["--one", "3", "--images", str(tmp_path), "--checkpoint", str(tmp_path / "absent")])
    assert "error: " in capsys.readouterr().err
