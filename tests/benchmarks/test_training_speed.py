"""The benchmark of training runs at toy size, trains what it measures, and refuses what it can't do."""

from dataclasses import replace

import pytest

from benchmarks import training_speed
from benchmarks.training_speed import PEER, main, measure, table
from stnet.training.build import build_stage
from stnet.training.config import TrainConfig
from tests.test_train import JOINT, MODEL

TOY = replace(PEER, batch_size=2)


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.setattr("stnet.training.build.CORPUS_TEXTS", 300)
    path = tmp_path / "run.yaml"
    path.write_text(f"{JOINT}{MODEL}\noutput: {tmp_path / 'run'}\nstart: {{all: a-run-that-is-not-here}}\n")
    return path


def test_the_table_has_a_row_for_every_setting_and_ratios_to_the_first(config, monkeypatch):
    measured = {TOY: (20.0, 8.0), replace(TOY, precision="bfloat16", ready=False): (30.0, 4.0)}
    monkeypatch.setattr(training_speed, "measure", lambda config, setting, seconds: measured[setting])
    lines = table(TrainConfig.read(config), list(measured), 1.0).splitlines()
    assert lines[0].startswith("| joint stage | batch") and len(lines) == 4
    assert lines[2] == "| float32 | 2 | ready | 20.0 | 1.00 | 8.0 |"
    assert lines[3] == "| bfloat16 | 2 | made meanwhile | 30.0 | 1.50 | 4.0 |"


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_setting_is_measured_by_training(config, monkeypatch, precision):
    built = []

    def build(run):
        built.append(run)
        return build_stage(run)

    monkeypatch.setattr(training_speed, "WARM_UP", 1)
    monkeypatch.setattr(training_speed, "build_stage", build)
    rate, spent = measure(TrainConfig.read(config), replace(TOY, precision=precision), 0.01)
    assert rate > 0 and spent > 0
    assert (built[0].batch_size, built[0].workers, built[0].start) == (2, 0, {})
    assert not (config.parent / "run").exists()  # it writes nothing


def test_what_cannot_be_measured_is_said(tmp_path, capsys):
    for arguments, message in (
        (["--seconds", "0"], "--seconds must be positive"),
        (["--configs", str(tmp_path / "absent.yaml")], "absent.yaml"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2 and message in capsys.readouterr().err
