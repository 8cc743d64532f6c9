"""A recipe runs its steps in order, goes on where it was killed, and exports: configs/tiny, cut short."""

import json
from pathlib import Path

import pytest
import torch

from stnet.checkpoint import load_model
from stnet.training import recipe
from stnet.training.config import NETWORKS, RunError
from stnet.training.loop import Trainer
from stnet.training.recipe import read_recipe, run, step_files

CONFIGS = Path(__file__).parents[2] / "configs"
STEPS = 2


def logged(folder):
    return [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text().splitlines()]


def short_tiny(folder):
    """The runs of configs/tiny below `folder`, two small steps each; all else as in the files."""
    return [
        type(config)(
            **vars(config)
            | {"output": str(folder / config.output), "steps": STEPS, "batch_size": 4, "log_every": 1}
            | {"start": {part: str(folder / path) for part, path in config.start.items()}, "workers": 0}
        )
        for config in read_recipe(CONFIGS / "tiny")
    ]


def test_a_killed_recipe_goes_on_and_ends_in_a_checkpoint(tmp_path, monkeypatch):
    monkeypatch.setattr("stnet.training.build.CORPUS_TEXTS", 300)
    configs = short_tiny(tmp_path)
    folders = [Path(config.output) for config in configs]
    built = []

    class Killed(Trainer):
        """Ends before the second run begins."""

        def __init__(self, stage, config):
            built.append(config.stage)
            if len(built) == 2:
                raise KeyboardInterrupt
            super().__init__(stage, config)

    with monkeypatch.context() as patch:
        patch.setattr(recipe, "Trainer", Killed)
        with pytest.raises(KeyboardInterrupt):
            run(configs, tmp_path / "checkpoint")
    assert built == ["sketch", "image"] and not (tmp_path / "checkpoint").exists()
    first = (folders[0] / "model.safetensors").read_bytes()

    run(configs, tmp_path / "checkpoint")
    assert [logged(folder) for folder in folders] == [[1, 2]] * 3  # the first run learned no further
    assert (folders[0] / "model.safetensors").read_bytes() == first
    weights = [load_model(folder, torch.device("cpu")).model.state_dict() for folder in folders]
    shipped = load_model(tmp_path / "checkpoint", torch.device("cpu")).model.state_dict()
    assert all(torch.allclose(shipped[key], weights[2][key], rtol=1e-3, atol=1e-4) for key in shipped)
    tower = [key for key in weights[0] if key.startswith("sketch_tower.")]
    assert tower and all(torch.equal(weights[0][key], weights[2][key]) for key in tower)  # frozen since


@pytest.mark.parametrize("name", ["tiny", "reference", "paper"])
def test_each_step_begins_with_one_before_it(name):
    known = set()
    for config in read_recipe(CONFIGS / name):
        began = {path for part, path in config.start.items() if part not in ("clip", *NETWORKS)}
        assert began <= known and (began or not known)
        known.add(config.output)


def test_the_steps_are_numbered_and_the_rest_is_inherited_from(tmp_path):
    for name in ("10-last.yaml", "2-image.yaml", "1-sketch.yaml", "shared.yaml", "3-notes.md"):
        (tmp_path / name).write_text("stage: sketch\noutput: runs/x\n")
    assert [path.name for path in step_files(tmp_path)] == ["1-sketch.yaml", "2-image.yaml", "10-last.yaml"]
    with pytest.raises(RunError, match="every step needs an output of its own"):
        read_recipe(tmp_path)
    (tmp_path / "02-joint.yaml").write_text("")
    with pytest.raises(RunError, match="are both step 2"):
        step_files(tmp_path)


def test_a_recipe_keeps_to_one_precision(tmp_path):
    for number, precision in ((1, "bf16"), (2, '"no"')):
        text = f"stage: sketch\noutput: runs/{number}\nmixed_precision: {precision}\n"
        (tmp_path / f"{number}-sketch.yaml").write_text(text)
    with pytest.raises(RunError, match="all steps need one mixed_precision, got bf16 and no"):
        read_recipe(tmp_path)


def test_a_folder_without_steps_is_no_recipe(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(RunError, match="is no recipe: it has no files such as 1-sketch"):
            read_recipe(folder)
