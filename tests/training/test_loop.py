"""The loop: its schedule, its groups of weights, learning, and going on after being killed."""

import json
import math

import numpy as np
import pytest
import torch
from torch import nn

from stnet.heads import TrainingHeads
from stnet.modeling import STNetModel
from stnet.processing import STNetProcessor
from stnet.training.batches import batch_loader
from stnet.training.config import RunError
from stnet.training.loop import Clock, Trainer, learning_rate_factor, parameter_groups
from tests.training.shapes import run_config, tiny_model


class InkSource:
    """Batches of random ink; remembers nothing, so that a run can go on anywhere."""

    def set_image_size(self, size):
        pass

    def make(self, rng):
        return {"ink": torch.from_numpy(rng.integers(0, 256, (8, 32, 32), dtype=np.uint8))}


class BrightnessStage(nn.Module):
    """Teaches the sketch tower to say how much ink there is on the left half."""

    def __init__(self, config, model=None):
        super().__init__()
        self.model, self.processor = model or tiny_model()[0], tiny_model()[1]
        self.config, self.source = config, InkSource()
        self.seen, self.progress = [], []
        torch.manual_seed(1)
        self.head = nn.Linear(16, 1)
        self.heads = TrainingHeads(16, 2).requires_grad_(False)

    def set_progress(self, progress):
        self.progress.append(progress)

    def batches(self, process, first):
        return batch_loader(self.source, self.config.workers, self.config.seed + process, first)

    def forward(self, batch):
        self.seen.append(float(batch["ink"].float().mean()))
        ink = self.processor.sketch_batch(batch["ink"])
        wanted = batch["ink"][:, :, :16].float().mean((1, 2)) / 255
        loss = (self.head(self.model.encode_sketch(ink))[:, 0] - wanted * 20).square().mean()
        broken = loss * (math.inf if self.model.training and len(self.seen) > 1 else 1)
        return {
            "brightness": loss,
            "measure": torch.tensor(math.nan),
            "other": loss * 0 + 5,
            "broken": broken,
        }


def run(folder, steps=4, stage=None, **changes):
    settings = {"weights": {"brightness": 1.0}, "steps": steps, "warmup": 0.0, "final_rate": 1.0, **changes}
    config = run_config(folder, **settings)
    stage = stage or BrightnessStage(config)
    stage.config = config
    Trainer(stage, config).run()
    return stage


def log(folder):
    lines = (folder / "log.jsonl").read_text().splitlines()
    return [json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is no JSON")) for line in lines]


def test_the_rate_warms_up_and_cools_down():
    assert learning_rate_factor(0.0, warmup=0.1, final=0.02) == pytest.approx(1e-3)
    assert learning_rate_factor(0.05, warmup=0.1, final=0.02) == pytest.approx(0.5)
    assert learning_rate_factor(0.1, warmup=0.1, final=0.02) == pytest.approx(1.0)
    assert learning_rate_factor(0.55, warmup=0.1, final=0.02) == pytest.approx(0.51)
    assert learning_rate_factor(1.0, warmup=0.1, final=0.02) == pytest.approx(0.02)
    assert learning_rate_factor(0.0, warmup=0.0, final=0.02) == pytest.approx(1.0)
    falling = [learning_rate_factor(step / 50, 0.1, 0.0) for step in range(5, 51)]
    assert falling == sorted(falling, reverse=True)


def test_the_clock_runs_by_steps_or_minutes(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    clock = Clock(run_config(tmp_path, steps=10, minutes=2.0))
    clock.step = 3
    assert clock.progress() == pytest.approx(0.3)
    now[0] += 60
    assert clock.progress() == pytest.approx(0.5) and clock.elapsed == pytest.approx(60)
    clock.restore(step=4, elapsed=90)
    assert clock.progress() == pytest.approx(0.75)
    now[0] += 1000
    assert clock.progress() == 1.0
    by_steps = Clock(run_config(tmp_path, steps=10))
    now[0] += 1e9
    assert by_steps.progress() == 0.0


def test_biases_norms_and_neutral_vectors_do_not_decay():
    model, _ = tiny_model()
    model.text_tower.requires_grad_(False)
    decayed, kept = parameter_groups(model, 0.05)
    assert (decayed["weight_decay"], kept["weight_decay"]) == (0.05, 0.0)
    names = {id(weight): name for name, weight in model.named_parameters()}
    decaying = {names[id(weight)] for weight in decayed["params"]}
    plain = {names[id(weight)] for weight in kept["params"]}
    trained = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert decaying | plain == trained and not decaying & plain
    assert not any(name.endswith("bias") or "norm" in name for name in decaying)
    assert {"neutral_sketch", "neutral_text", "log_temperature", "logit_scale"} <= plain
    assert "image_projection.weight" in decaying and not any(
        "text_tower" in name for name in decaying | plain
    )


def test_it_learns_and_logs(tmp_path):
    stage = run(tmp_path, steps=40, learning_rate=0.01, log_every=5)
    rows = log(tmp_path)
    assert [row["step"] for row in rows] == list(range(5, 41, 5))
    assert rows[-1]["loss"] < 0.1 * rows[0]["loss"]
    assert rows[-1]["loss"] == pytest.approx(rows[-1]["brightness"])  # the only weight, 1.0
    assert rows[0]["measure"] is None and rows[0]["other"] == 5
    assert rows[-1]["images"] == 40 * 4
    assert stage.progress == pytest.approx([step / 40 for step in range(40)])


def test_weights_scale_the_losses(tmp_path):
    run(tmp_path, steps=1, weights={"brightness": 0.5, "other": 2.0})
    (row,) = log(tmp_path)
    assert row["loss"] == pytest.approx(0.5 * row["brightness"] + 2.0 * 5, rel=1e-4)


def test_the_checkpoint_is_what_was_trained(tmp_path):
    stage = run(tmp_path, learning_rate=0.01)
    loaded = STNetModel.from_pretrained(tmp_path)
    trained = stage.model.state_dict()
    assert all(torch.equal(value, trained[name]) for name, value in loaded.state_dict().items())
    assert not torch.equal(trained["sketch_projection.weight"], tiny_model()[0].sketch_projection.weight)
    assert STNetProcessor.from_pretrained(tmp_path).sketch_settings.size == 32
    assert not list(tmp_path.glob("*.partial"))


def test_a_killed_run_goes_on_as_if_nothing_had_happened(tmp_path):
    settings = {"learning_rate": 0.01, "seed": 3, "log_every": 4}
    whole = run(tmp_path / "whole", steps=10, **settings)

    class Killed(BrightnessStage):
        def forward(self, batch):
            if len(self.seen) == 6:
                raise KeyboardInterrupt
            return super().forward(batch)

    config = run_config(tmp_path / "parts", steps=10, weights={"brightness": 1.0}, **settings)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "parts", steps=10, stage=Killed(config), save_minutes=1e-9, **settings)
    rest = run(tmp_path / "parts", steps=10, **settings)
    assert rest.seen == whole.seen[6:]  # neither the old batches again nor any left out
    assert rest.progress == pytest.approx(whole.progress[6:])
    for (name, value), other in zip(whole.state_dict().items(), rest.state_dict().values(), strict=True):
        assert torch.equal(value, other), name
    ours, theirs = log(tmp_path / "whole"), log(tmp_path / "parts")
    assert [row["step"] for row in theirs] == [4, 8]
    # the line at step 8 averages what this process has seen: two steps, not four
    assert theirs[1]["brightness"] < ours[0]["brightness"]
    assert theirs[1]["other"] == 5


def test_a_finished_run_stays_finished(tmp_path):
    run(tmp_path)
    again = run(tmp_path)
    assert again.seen == []


def test_a_loaded_model_trains_its_batch_norms(tmp_path):
    model = tiny_model()[0].eval()
    stage = BrightnessStage(run_config(tmp_path), model)
    run(tmp_path, stage=stage)
    assert all(module.training for module in stage.model.modules())


def test_what_is_frozen_keeps_its_batch_norms(tmp_path):
    model = tiny_model()[0]
    model.image_tower.stage_8.requires_grad_(False)
    run(tmp_path, stage=BrightnessStage(run_config(tmp_path), model))
    assert not any(module.training for module in model.image_tower.stage_8.modules())
    assert all(module.training for module in model.image_tower.stage_16.modules())


@pytest.mark.parametrize("weights", [{}, {"brightnes": 1.0}])
def test_weights_that_name_no_loss_are_refused(tmp_path, weights):
    with pytest.raises(RunError, match=r"weights name .*; this run has brightness, measure, other, broken"):
        run(tmp_path, weights=weights)
    assert not (tmp_path / "resume.pt").exists()


def test_a_loss_that_is_no_number_ends_the_run_and_spares_the_checkpoint(tmp_path):
    run(tmp_path, steps=2)
    before = (tmp_path / "model.safetensors").read_bytes()
    with pytest.raises(RunError, match=r"the loss is inf at step 4; .* keeps its last checkpoint"):
        run(tmp_path, steps=9, weights={"broken": 1.0})
    assert (tmp_path / "model.safetensors").read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "text", "another run"])
def test_what_cannot_be_gone_on_from_is_named(tmp_path, damage):
    run(tmp_path)
    path = tmp_path / "resume.pt"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:2000])
    elif damage == "text":
        path.write_text("hello")
    else:
        torch.save({"stage": {"head.weight": torch.zeros(3)}}, path)
    with pytest.raises(RunError, match=r"can't go on from .*resume\.pt"):
        run(tmp_path)
