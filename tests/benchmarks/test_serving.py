"""The command from end to end on a handful of pictures of the shipped galleries."""

import json

import numpy as np
import pytest

from benchmarks.serving import POOLS, SYSTEMS, Times, main, read_floor


def test_all_ways_are_measured_at_every_size(tmp_path, capsys):
    command = ["--sizes", "40", "90", "--every", "40", "--threads", "1", "--scratch", str(tmp_path)]
    assert main([*command, "--json", str(tmp_path / "figures.json")]) == 0
    figures = json.loads((tmp_path / "figures.json").read_text())
    names = [kind.name for kind in SYSTEMS]
    assert [(row["pictures"], row["search"]) for row in figures["rows"]] == [
        (size, name) for size in (40, 90) for name in names
    ]
    for row in figures["rows"]:
        assert row["p95_ms"] >= row["p50_ms"] > 0 and row["floor_cpu_ms"] > 0 and 0 <= row["held"] <= 1
    exact = [row["held"] for row in figures["rows"] if row["search"].startswith(("ours", "torch"))]
    assert exact == [1.0] * 6  # so few pictures are all scored
    assert figures["candidates_hold"]["90"] == dict.fromkeys(map(str, POOLS), 1.0)
    assert "| 90 | two-level k-means |" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["figures.json"]


def test_what_is_missing_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--assets", str(tmp_path), "--scratch", str(tmp_path)])
    assert stopped.value.code == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_times_are_of_the_clock_and_of_the_processor():
    times = Times()
    assert times.take(lambda: int(np.ones(1_000_000).sum())) == 1_000_000
    assert len(times.wall) == len(times.cpu) == 1 and times.wall[0] > 0


def test_the_floor_is_the_time_of_reading_a_gigabyte(monkeypatch):
    monkeypatch.setattr("benchmarks.serving.FLOOR_BYTES", 1 << 20)
    wall, cpu = read_floor(2)
    assert wall > 1 and 1 < cpu < 10_000  # milliseconds: no machine reads a thousand GB a second
