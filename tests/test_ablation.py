"""``python -m stnet.ablation`` at toy size: the table is written, and what can't be run is said."""

import json

from stnet.ablation import main
from stnet.evaluation.ablation import Row
from stnet.evaluation.ablation_table import markdown
from tests.evaluation.toys import ToySuite


def test_rows_are_trained_and_the_table_is_written(tmp_path, plain_pool, pool_folder, monkeypatch, capsys):
    monkeypatch.setattr("stnet.ablation.ROWS", (Row("all"), Row("words only", asked="text")))
    monkeypatch.setattr("stnet.ablation.open_suite", lambda options: ToySuite())
    config, results, figures = tmp_path / "base.yaml", tmp_path / "results.md", tmp_path / "figures.json"
    config.write_text("weights: {contrastive: 1.0, words: 0.3}\nschedule: {passes: 1}\n")
    asked = ["--config", str(config), "--pool", str(pool_folder), "--workers", "0"]
    asked += ["--out", str(tmp_path / "runs"), "--markdown", str(results), "--json", str(figures)]
    assert main(asked) == 0
    text = results.read_text()
    assert f"python -m stnet.ablation {' '.join(asked)}" in text and "One seed" in text
    assert "the same 6 batches of 8 pictures" in text and "8 queries of the suite `toy`, 12 pictures" in text
    assert text.strip() in capsys.readouterr().out
    stored = json.loads(figures.read_text())
    assert stored["kind"] == "ablation"
    assert markdown(stored["rows"], stored["command"]) == text.strip()
    config.write_text("weights: {contrastive: 1.0}\n")
    assert main(asked) == 2
    assert "is of another configuration: delete its folder" in capsys.readouterr().err


def test_what_cannot_be_run_is_said_in_a_line(tmp_path, capsys):
    assert main(["--config", str(tmp_path / "absent.yaml")]) == 2
    assert "absent.yaml" in capsys.readouterr().err
    (tmp_path / "base.yaml").write_text("weights: {contrastive: 1.0}\n")
    assert main(["--config", str(tmp_path / "base.yaml"), "--pool", str(tmp_path / "none")]) == 2
    assert "holds no whole pool" in capsys.readouterr().err
