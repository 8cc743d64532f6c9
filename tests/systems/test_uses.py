"""The command: every seed's systems that take both halves, JSON and tables, and what is missing."""

import json

import pytest

from stnet.systems.shared.learning import Schedule
from stnet.systems.shared.stnet_run import train_stnet
from stnet.systems.uses import able, main
from stnet.systems.uses_table import markdown
from tests.evaluation.toys import ToySuite
from tests.systems.pools import random_suite


def test_systems_that_take_both_halves():
    found = able()
    assert {"stnet", "average", "two-stage", "concat", "duet", "clusters"} <= set(found)
    assert not {"text-only", "sketch-only", "zse"} & set(found)


def test_the_figures_are_written_and_shown(pool_folder, shared_pool, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("stnet.systems.trained.seed_folder", lambda trained, seed: tmp_path / str(seed))
    monkeypatch.setattr("stnet.systems.uses.open_suite", lambda options: ToySuite())
    monkeypatch.setattr("stnet.systems.uses.freeze_suite", lambda pool, suite, workers: random_suite(pool))
    out = tmp_path / "out.json"
    asked = ["--suite", "shapes", "--pool", str(pool_folder), "--systems", "stnet", "average", "--seeds", "0"]
    assert main(asked) == 2
    assert "no trained STNET in" in capsys.readouterr().err
    train_stnet(shared_pool, Schedule(), {"contrastive": 1.0}, 0, tmp_path / "0")
    assert main([*asked, "--json", str(out)]) == 0
    found = json.loads(out.read_text())
    assert (found["kind"], found["suite"], found["images"]) == ("uses", "shapes", 12)
    assert list(found["runs"]["0"]) == ["stnet", "average"]
    assert list(found["runs"]["0"]["stnet"]) == ["sketch+text", "sketch", "text"]
    assert markdown(found) in capsys.readouterr().out


def test_photographs_are_not_asked(capsys):
    with pytest.raises(SystemExit):
        main(["--suite", "photos"])
    assert "invalid choice: 'photos'" in capsys.readouterr().err
