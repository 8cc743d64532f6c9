"""The loop: its schedule, its groups of weights, learning, and going on after being killed."""

import json
import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.batch import Batch
from stnet.training.config import RunError
from stnet.training.loop import Clock, StepError, Trainer, learning_rate_factor, parameter_groups
from stnet.training.stages.base import Stage
from tests.training.shapes import run_config, tiny_model


@dataclass(frozen=True)
class InkBatch(Batch):
    ink: torch.Tensor


class InkSource:
    """Batches of random ink; remembers nothing, so that a run can go on anywhere."""

    def set_image_size(self, size):
        pass

    def make(self, rng):
        return InkBatch(torch.from_numpy(rng.integers(0, 256, (8, 32, 32), dtype=np.uint8)))


class BrightnessStage(Stage):
    """Teaches the sketch tower to say how much ink there is on the left half."""

    def __init__(self, config, model=None):
        super().__init__(model or tiny_model()[0], tiny_model()[1], config, InkSource())
        self.seen, self.progress = [], []
        torch.manual_seed(1)
        self.head = nn.Linear(16, 1)
        self.heads.requires_grad_(False)

    def set_progress(self, progress):
        self.progress.append(progress)

    def forward(self, batch):
        self.seen.append(float(batch.ink.float().mean()))
        ink = self.processor.sketch_batch(batch.ink)
        wanted = batch.ink[:, :, :16].float().mean((1, 2)) / 255
        loss = (self.head(self.model.encode_sketch(ink))[:, 0] - wanted * 20).square().mean()
        broken = loss * (math.inf if self.model.training and len(self.seen) > 1 else 1)
        return {
            "brightness": loss,
            "measure": torch.tensor(math.nan),
            "other": loss * 0 + 5,
            "broken": broken,
        }


class InHalves(BrightnessStage):
    """The same pictures in batches of half the size."""

    def batches(self, process, first):
        assert first % 2 == 0
        for batch in super().batches(process, first // 2):
            yield from (InkBatch(half) for half in batch.ink.chunk(2))


class Killed(BrightnessStage):
    """Ends in the middle of its 7th step."""

    def forward(self, batch):
        if len(self.seen) == 7 * self.config.accumulate - 1:
            raise KeyboardInterrupt
        return super().forward(batch)


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
    assert Image.open(tmp_path / "losses.png").format == "PNG"


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


def killed_and_resumed(folder, **settings):
    """The stage of a whole run, and that of the second part of the same run killed in between."""
    settings = {"steps": 10, "learning_rate": 0.01, "seed": 3, "log_every": 4, **settings}
    whole = run(folder / "whole", **settings)
    killed = Killed(run_config(folder))
    with pytest.raises(KeyboardInterrupt):
        run(folder / "parts", stage=killed, save_minutes=1e-9, **settings)
    return whole, run(folder / "parts", **settings)


def assert_equal_states(first, second):
    assert first.keys() == second.keys()
    for name, value in first.items():
        assert torch.equal(value, second[name]), name


def test_a_killed_run_goes_on_as_if_nothing_had_happened(tmp_path):
    whole, rest = killed_and_resumed(tmp_path)
    assert rest.seen == whole.seen[6:]  # neither the old batches again nor any left out
    assert rest.progress == pytest.approx(whole.progress[6:])
    assert_equal_states(whole.state_dict(), rest.state_dict())
    ours, theirs = log(tmp_path / "whole"), log(tmp_path / "parts")
    assert [row["step"] for row in theirs] == [4, 8]
    # the line at step 8 averages what this process has seen: two steps, not four
    assert theirs[1]["brightness"] < ours[0]["brightness"]
    assert theirs[1]["other"] == 5


def test_a_killed_run_that_accumulates_goes_on_with_the_batch_that_follows(tmp_path):
    whole, rest = killed_and_resumed(tmp_path, accumulate=3)
    assert len(whole.seen) == 30 and rest.seen == whole.seen[18:]
    assert_equal_states(whole.state_dict(), rest.state_dict())


def test_a_killed_run_goes_on_with_its_average(tmp_path):
    whole, rest = killed_and_resumed(tmp_path, ema=0.9)
    assert_equal_states(whole.state_dict(), rest.state_dict())
    checkpoints = [STNetModel.from_pretrained(tmp_path / name).state_dict() for name in ("whole", "parts")]
    assert_equal_states(*checkpoints)
    assert not torch.equal(checkpoints[0]["sketch_projection.weight"], whole.model.sketch_projection.weight)


def test_a_killed_run_drops_what_it_would_have_dropped(tmp_path):
    class Dropping(BrightnessStage):
        def forward(self, batch):
            losses = super().forward(batch)
            losses["brightness"] = nn.functional.dropout(losses["brightness"].expand(100)).mean()
            return losses

    settings = {"steps": 4, "learning_rate": 0.01}
    whole = run(tmp_path / "whole", stage=Dropping(run_config(tmp_path)), **settings)
    run(tmp_path / "parts", stage=Dropping(run_config(tmp_path)), **settings | {"steps": 2})
    torch.rand(7)  # whatever else has been drawn meanwhile
    rest = run(tmp_path / "parts", stage=Dropping(run_config(tmp_path)), **settings)
    assert_equal_states(whole.state_dict(), rest.state_dict())


def test_accumulated_batches_make_the_step_of_one_large_batch(tmp_path):
    settings = {"learning_rate": 0.01, "gradient_clip": 0.5}
    whole = run(tmp_path / "whole", **settings, batch_size=8)
    halves = run(
        tmp_path / "halves", stage=InHalves(run_config(tmp_path)), accumulate=2, batch_size=4, **settings
    )
    assert len(halves.seen) == 2 * len(whole.seen) == 8
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(halves.state_dict()[name], value, msg=name)
    pairs = list(zip(log(tmp_path / "whole"), log(tmp_path / "halves"), strict=True))
    assert [row["step"] for row, _ in pairs] == [1, 2, 3, 4]
    for row, other in pairs:
        assert all(other[name] == row[name] for name in ("images", "progress", "learning_rate"))
        for name in ("loss", "brightness", "gradient_norm"):
            assert other[name] == pytest.approx(row[name], rel=1e-4)


def test_the_checkpoint_holds_the_average_and_the_run_its_own_weights(tmp_path):
    stage = run(tmp_path, steps=20, learning_rate=0.01, ema=0.99)
    own = stage.model.sketch_projection.weight
    averaged = STNetModel.from_pretrained(tmp_path).sketch_projection.weight
    start = tiny_model()[0].sketch_projection.weight
    assert 0 < (averaged - own).norm() < (start - own).norm()  # on the way from the start, near the end
    state = torch.load(tmp_path / "resume.pt", weights_only=True)
    assert torch.equal(state["stage"]["model.sketch_projection.weight"], own)
    heads = load_file(tmp_path / "heads.safetensors")
    assert torch.equal(heads["classify.weight"], stage.heads.classify.weight)  # frozen here


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


class FaultyStage(BrightnessStage):
    """Has a bug that raises what a bad configuration would."""

    def forward(self, batch):
        raise ValueError("shapes differ")


def test_a_fault_in_a_step_is_no_error_of_whoever_configured_it(tmp_path):
    with pytest.raises(StepError, match=r"step 0 failed; .* keeps its last save") as fault:
        run(tmp_path, stage=FaultyStage(run_config(tmp_path)))
    assert not isinstance(fault.value, ValueError | OSError)  # commands would hide its traceback
    assert str(fault.value.__cause__) == "shapes differ"


@pytest.mark.parametrize("damage", ["cut", "text", "another run", "another model", "no average"])
def test_what_cannot_be_gone_on_from_is_named(tmp_path, damage):
    run(tmp_path, ema=0.9)
    path = tmp_path / "resume.pt"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:2000])
    elif damage == "text":
        path.write_text("hello")
    elif damage == "another run":
        torch.save({"stage": {"head.weight": torch.zeros(3)}}, path)
    else:
        part = "average" if damage == "no average" else "stage"
        state = torch.load(path, weights_only=True)
        torch.save(state | {part: {"head.weight": torch.zeros(3)}}, path)
    with pytest.raises(RunError, match=r"can't go on from .*resume\.pt .*Delete it or choose another output"):
        run(tmp_path, ema=0.9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch_size": 8}, "written with batch_size 4, this run has batch_size 8"),
        ({"accumulate": 2}, "written with accumulate 1, this run has accumulate 2"),
        ({"ema": 0.9}, "written with ema None, this run has ema 0.9"),
        ({"batch_size": 2, "accumulate": 2}, "batch_size 4, accumulate 1, this run has batch_size 2, accum"),
    ],
)
def test_a_run_goes_on_as_it_began_or_not_at_all(tmp_path, change, message):
    run(tmp_path)
    before = (tmp_path / "resume.pt").read_bytes()
    with pytest.raises(RunError, match=message) as error:
        run(tmp_path, steps=9, **change)
    assert f"start: {{all: {tmp_path}, heads: {tmp_path}}}" in str(error.value)
    assert (tmp_path / "resume.pt").read_bytes() == before


def test_another_number_of_processes_is_refused(tmp_path):
    run(tmp_path)
    state = torch.load(tmp_path / "resume.pt", weights_only=True)
    state["shape"]["processes"] = 2
    torch.save(state, tmp_path / "resume.pt")
    with pytest.raises(RunError, match="written with processes 2, this run has processes 1"):
        run(tmp_path, steps=9)
