"""Configurations that inherit: who wins over whom, and what can't be read is said."""

import pytest

from stnet.training.config import RunError, TrainConfig
from stnet.training.inheriting import read_fields


def write(folder, **texts):
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)


def test_own_fields_win_over_later_files_and_these_over_earlier_ones(tmp_path):
    write(tmp_path / "stages", joint="stage: joint\nsteps: 1\nseed: 1\nweights: {box: 1.0, dense: 1.0}")
    write(tmp_path, shared="steps: 2\nseed: 2", one="inherit: shared.yaml\noutput: x")
    run = "inherit: [stages/joint.yaml, one.yaml]\nseed: 3\nweights: {box: 0.5}"
    write(tmp_path, run=run)
    expected = {"stage": "joint", "steps": 2, "seed": 3, "output": "x", "weights": {"box": 0.5}}
    assert read_fields(tmp_path / "run.yaml") == expected
    assert TrainConfig.read(tmp_path / "run.yaml").steps == 2


def test_two_files_may_inherit_the_same(tmp_path):
    write(tmp_path, base="seed: 1", a="inherit: base.yaml", b="inherit: base.yaml\nsteps: 2")
    write(tmp_path, run="inherit: [a.yaml, b.yaml]")
    assert read_fields(tmp_path / "run.yaml") == {"seed": 1, "steps": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("inherit: absent.yaml", r"can't read the training configuration .*absent\.yaml"),
        ("inherit: run.yaml", r"run\.yaml inherits from itself"),
        ("inherit: back.yaml", r"run\.yaml inherits from itself"),
        ("inherit: {a: b}", "inherit must be a file or a list of files"),
        ("inherit: [1]", "inherit must be a file or a list of files"),
        ("just words", r"run\.yaml must hold fields of a run \(stage, output, \.\.\.\), got str"),
    ],
)
def test_what_cannot_be_inherited_is_said(tmp_path, text, message):
    write(tmp_path, run=text, back="inherit: run.yaml")
    with pytest.raises(RunError, match=message):
        TrainConfig.read(tmp_path / "run.yaml")
