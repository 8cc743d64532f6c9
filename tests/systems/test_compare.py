"""The trained systems beside each other: each seed's own, their means, and what is missing."""

import json

import pytest

from stnet.systems.compare import main
from stnet.systems.registry import system_names
from stnet.systems.shared.learning import Schedule
from stnet.systems.shared.stnet_run import train_stnet
from stnet.systems.table import BY_CATEGORY, REPORTED, compared
from stnet.systems.trained import own_towers
from tests.systems.pools import random_suite


def test_every_seed_is_measured_with_its_own_stnet(pool_folder, shared_pool, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("stnet.systems.trained.seed_folder", lambda trained, seed: tmp_path / str(seed))
    monkeypatch.setattr("stnet.systems.compare.open_suite", lambda options: None)
    monkeypatch.setattr("stnet.systems.compare.freeze_suite", lambda pool, suite, workers: random_suite(pool))
    for seed in (0, 1):
        train_stnet(shared_pool, Schedule(), {"contrastive": 1.0}, seed, tmp_path / str(seed))
    out = tmp_path / "out.json"
    asked = ["--suite", "shapes", "--pool", str(pool_folder), "--json", str(out), "--workers", "0"]
    assert main([*asked, "--systems", "stnet", "two-stage", "average"]) == 0
    found = json.loads(out.read_text())
    assert found["kind"] == "compared systems" and found["steps"] == len(shared_pool)
    assert list(found["runs"]) == ["0", "1"] and list(found["runs"]["0"]) == ["stnet", "two-stage", "average"]
    first, second = (found["runs"][seed]["average"]["retrieval"]["sketch"] for seed in "01")
    assert first != second
    assert compared(found) in capsys.readouterr().out
    assert main([*asked, "--seeds", "7"]) == 2
    assert "no trained STNET in" in capsys.readouterr().err


def test_towers_that_were_trained_for_a_system_are_its_own(tmp_path):
    (tmp_path / "text-only.yaml").write_text(f"system: text-only\ntrained: {tmp_path}/towers")
    assert own_towers("text-only", 3, tmp_path) is None
    (tmp_path / "towers/seed-3").mkdir(parents=True)
    (tmp_path / "towers/seed-3/config.json").touch()
    assert own_towers("text-only", 3, tmp_path) == tmp_path / "towers/seed-3"
    assert own_towers("text-only", 4, tmp_path) is None and own_towers("average", 3, tmp_path) is None


def test_the_table_says_what_was_trained_alone():
    runs = {"0": {"stnet": measured(10.0), "text-only": measured(9.0) | {"trained alone": True}}}
    lines = compared({"suite": "scenes-1k", "runs": runs}).splitlines()
    assert lines[-2].startswith("| stnet |")
    assert lines[-1].startswith("| text-only, trained alone |") and lines[-1].endswith("R@10 50.6 (CLIP) |")


def measured(recall):
    figures = {f"R@{k}": recall for k in (1, 5, 10, 20, 50, 100)} | {"MdR": 4.0}
    return {
        "suite": "toy",
        "complete": True,
        "queries": 3,
        "images": 9,
        "chance": {"R@10": 11.1},
        "retrieval": {"sketch": figures},
        "sketch by category": {"mean of queries": {"mAP@100": recall, "Prec@100": 5.0}},
        "search": {"milliseconds": recall, "parameters": 1_500_000},
    }


def test_the_table_has_means_each_seed_and_the_paper_s_own_figure():
    runs = {"0": {"stnet": measured(10.0)}, "1": {"stnet": measured(20.0)}}
    lines = compared({"suite": "scenes-1k", "runs": runs}).splitlines()
    assert lines[-1].startswith("| stnet | sketch | 15.0 | 15.0 | 15.0 | 10.0 / 20.0 | 15.0 |")
    assert lines[-1].endswith("| 4 | 15.0 | 5.0 | 15.00 | 1.5 | R@10 73.7 |")


@pytest.mark.parametrize("suite", REPORTED)
def test_what_papers_report_is_of_systems_that_there_are(suite):
    assert set(REPORTED[suite] | BY_CATEGORY) <= set(system_names())
