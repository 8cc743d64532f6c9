"""``python -m stnet.ablation`` at toy size: what a row changes, what is kept, and what the table says."""

import json

import pytest

from stnet.ablation import ROWS, Row, main
from stnet.evaluation.ablation_table import markdown
from stnet.training.config import TrainConfig
from tests.test_train import MODEL

WEIGHTS = dict.fromkeys(
    (
        "contrastive",
        "words",
        "sketch",
        "candidates",
        "classification",
        "attention",
        "focus",
        "box",
        "dense",
        "reconstruction",
    ),
    1.0,
)
BASE = TrainConfig("joint", "base", weights=WEIGHTS, hard_negatives=0.5)


@pytest.fixture(autouse=True)
def few_texts(monkeypatch):
    monkeypatch.setattr("stnet.training.build.CORPUS_TEXTS", 300)


def test_every_row_leaves_out_what_its_name_says(tmp_path):
    trained = {row.name: row.config(BASE, tmp_path, 3) for row in ROWS}
    left_out = {name: sorted(WEIGHTS.keys() - config.weights.keys()) for name, config in trained.items()}
    assert left_out == {
        "all": [],
        "without detection": ["attention", "box", "focus"],
        "without reconstruction": ["reconstruction"],
        "without classification": ["classification"],
        "contrastive alone": ["attention", "box", "classification", "dense", "focus", "reconstruction"],
        "sketch only": ["candidates", "contrastive", "words"],
        "words only": sorted(WEIGHTS.keys() - {"words", "dense"}),
        "without the candidate term": ["candidates"],
        "without the dense term": ["dense"],
        "without hard negatives": [],
    }
    assert [name for name, config in trained.items() if not config.hard_negatives] == [
        "without hard negatives"
    ]
    assert {config.seed for config in trained.values()} == {3}
    assert {row.name for row in ROWS if row.asked != "sketch+text"} == {"sketch only", "words only"}


def write(folder):
    path = folder / "base.yaml"
    text = "stage: joint\noutput: unused\nsteps: 9\nbatch_size: 3\nworkers: 0\n"
    path.write_text(text + "weights: {contrastive: 1.0, dense: 0.5, words: 0.3, sketch: 0.3}\n" + MODEL)
    return path


def test_rows_are_trained_once_and_the_table_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("stnet.ablation.ROWS", (Row("all"), Row("words only", asked="text")))
    results = tmp_path / "results.md"
    figures = tmp_path / "figures.json"
    asked = ["--config", str(write(tmp_path)), "--steps", "1", "--images", "12"]
    asked += ["--out", str(tmp_path / "runs"), "--markdown", str(results), "--json", str(figures)]
    assert main(asked) == 0
    first = json.loads((tmp_path / "runs/seed-0/all/figures.json").read_text())
    assert first["run"]["steps"] == 1 and first["images"] == first["queries"] == 12
    text = results.read_text()
    assert f"python -m stnet.ablation {' '.join(asked)}" in text and "One seed" in text
    assert "trains 1 steps of 3 pictures" in text and "12 queries of the suite `shapes`" in text
    assert "| chance |  | 8.3 | 83.3 | 6.5 |" in text
    assert text.strip() in capsys.readouterr().out
    stored = json.loads(figures.read_text())
    assert markdown(stored["rows"], stored["command"]) == text.strip()

    monkeypatch.setattr("stnet.ablation.prepare", lambda config: pytest.fail("trained again"))
    assert main(asked) == 0 and results.read_text() == text
    assert main([*asked, "--steps", "2"]) == 2
    assert "is of another configuration: delete its folder" in capsys.readouterr().err


def test_what_cannot_be_run_is_said_in_a_line(tmp_path, capsys):
    assert main(["--config", str(tmp_path / "absent.yaml")]) == 2
    assert "error: can't read the training configuration" in capsys.readouterr().err
    assert main(["--config", str(write(tmp_path)), "--steps", "-1"]) == 2
    assert "steps must be 1 or more" in capsys.readouterr().err


def outcome(row, seed, recall, asked="sketch+text"):
    run = {"seed": seed, "steps": 50, "batch_size": 8, "start": {"all": "there"}, "suite": "shapes"}
    retrieval = {"R@1": recall / 10, "R@10": recall, "MdR": 4.0}
    return {
        "run": run,
        "row": row,
        "asked": asked,
        "images": 40,
        "queries": 30,
        "retrieval": dict.fromkeys(("sketch+text", "sketch", "text"), retrieval),
        "pointing": 60.0,
        "chance pointing": 15.0,
        "candidates": dict.fromkeys(("sketch+text", "sketch", "text"), 90.0),
        "pool": "50",
    }


def test_the_table_shows_means_and_how_far_seeds_differ():
    found = [outcome("all", 0, 50.0), outcome("words only", 0, 20.0, "text"), outcome("all", 1, 56.0)]
    text = markdown(found, "python -m stnet.ablation")
    assert "| all | 2 | 5.3 | 53.0 | 4 | 53.0 | 53.0 | 60.0 | 90.0 |" in text
    assert "| words only | 1 | 2.0 | 20.0 | 4 | – | 20.0 | – | 90.0 |" in text
    assert "| chance |  | 2.5 | 25.0 | 20.5 | 25.0 | 25.0 | 15.0 | 100.0 |" in text
    assert "differs by up to 6.0 points" in text and "One seed" not in text
    with pytest.raises(ValueError, match="without a finished row"):
        markdown([], "")
