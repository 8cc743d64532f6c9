"""From a system's YAML to the run that it learns from; what makes no sense is said in one line."""

from pathlib import Path

import pytest

from stnet.systems.registry import CONFIGS
from stnet.systems.train import main, run_of
from stnet.training.inheriting import read_fields

FIELDS = {"system": "concat", "weights": "runs/x", "training": {"steps": 7, "embedding": 9}}


def test_the_fields_become_a_joint_run():
    config, embedding = run_of(FIELDS, Path("there"))
    assert (config.stage, config.output, config.steps, embedding) == ("joint", "runs/x", 7, 9)
    assert config.start == {"all": "there"} and set(config.frozen) == {"image_tower.backbone", "sketch_tower"}


def test_the_committed_configuration_is_a_run():
    config, embedding = run_of(read_fields(CONFIGS / "concat.yaml"), Path("there"))
    assert config.pooled_scenes > 0 and config.workers == 0 and embedding == 512


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"system": "stnet"}, "must be one that is trained here"),
        ({"training": None}, "training must hold the fields of a run"),
        ({"training": {"embedding": 0}}, "embedding must be a whole number from 1, got 0"),
        ({"training": {"output": "x", "start": {}}}, "output, start can't be set"),
        ({"training": {"speed": 3}}, "speed"),
        ({"weights": None}, "weights must be text"),
    ],
)
def test_what_makes_no_sense(changes, message):
    with pytest.raises(ValueError, match=message):
        run_of(FIELDS | changes, Path("there"))


def test_the_command_says_what_is_missing(tmp_path, capsys):
    assert main(["--config", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err
    (tmp_path / "one.yaml").write_text("system: concat\nweights: w\ntraining: {steps: 1}")
    assert main(["--config", str(tmp_path / "one.yaml"), "--checkpoint", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
