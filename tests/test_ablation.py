"""``python -m stnet.ablation`` at toy size: rows are trained once, and what can't be run is said."""

import json

import pytest

from stnet.ablation import main
from stnet.evaluation.ablation import Row
from stnet.evaluation.ablation_table import markdown
from tests.test_train import MODEL


@pytest.fixture(autouse=True)
def few_texts(monkeypatch):
    monkeypatch.setattr("stnet.training.build.CORPUS_TEXTS", 300)


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

    monkeypatch.setattr("stnet.evaluation.ablation.prepare", lambda config: pytest.fail("trained again"))
    assert main(asked) == 0 and results.read_text() == text
    assert main([*asked, "--steps", "2"]) == 2
    assert "is of another configuration: delete its folder" in capsys.readouterr().err


def test_what_cannot_be_run_is_said_in_a_line(tmp_path, capsys):
    assert main(["--config", str(tmp_path / "absent.yaml")]) == 2
    assert "error: can't read the training configuration" in capsys.readouterr().err
    assert main(["--config", str(write(tmp_path)), "--steps", "-1"]) == 2
    assert "steps must be 1 or more" in capsys.readouterr().err
