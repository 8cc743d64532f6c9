"""The YAML file of a run: what is wrong with it is said in its own words."""

from dataclasses import replace
from pathlib import Path

import pytest

from stnet.training.config import NETWORKS, RunError, TrainConfig
from stnet.training.loop import learning_rate_factor

REPOSITORY = Path(__file__).parents[2]
RUNS = sorted(
    path for folder in ("configs", "docs/training") for path in (REPOSITORY / folder).rglob("[0-9]-*.yaml")
)


def write(folder, text):
    path = folder / "run.yaml"
    path.write_text(text)
    return path


def test_a_file_becomes_a_run(tmp_path):
    config = TrainConfig.read(
        write(
            tmp_path,
            "stage: joint\noutput: runs/x\nminutes: 3\nlearning_rate: 2.0e-3\n"
            "image_sizes: [[0.0, 96], [0.7, 128]]\n"
            "weights: {contrastive: 1, box: 0.5}\nstart: {image_tower: runs/image}\n",
        )
    )
    assert (config.stage, config.output, config.minutes, config.learning_rate) == (
        "joint",
        "runs/x",
        3,
        0.002,
    )
    assert config.weights == {"contrastive": 1, "box": 0.5}
    assert config.start == {"image_tower": "runs/image"}
    assert (config.batch_size, config.workers, config.seed) == (32, 1, 0)  # the defaults


@pytest.mark.parametrize("path", RUNS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_repositorys_own_runs_are_read(path):
    config = TrainConfig.read(path)
    assert config.weights and config.output.startswith("runs/")


def test_pictures_grow_with_progress():
    config = TrainConfig(stage="image", output="x", image_sizes=[[0.0, 64], [0.5, 96], [0.9, 128]])
    assert [config.image_size_at(progress, 160) for progress in (0, 0.49, 0.5, 0.89, 0.9, 1)] == [
        64,
        64,
        96,
        96,
        128,
        128,
    ]
    assert TrainConfig(stage="image", output="x").image_size_at(0.5, 160) == 160


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stage: [", "can't read the training configuration"),
        ("- joint", "must hold fields of a run .*, got list"),
        ("", "must hold fields of a run .*, got NoneType"),
        ("stage: joint", "output must be given"),
        ("{}", "stage and output must be given"),
        ("stage: joint\noutput: x\nstep: 3", r"unknown fields \['step'\]; known are .*'steps'"),
        ("stage: sculpture\noutput: x", "stage must be one of image, sketch, joint, match; got 'sculpture'"),
        (
            "stage: joint\noutput: x\nlearning_rate: 1e-3",
            r"learning_rate must be a number, got '1e-3' \(YAML",
        ),
        ("stage: joint\noutput: x\nsteps: many", "steps must be a whole number, got 'many'"),
        ("stage: joint\noutput: x\nsteps: 2.5", "steps must be a whole number, got 2.5"),
        ("stage: joint\noutput: x\nsteps: true", "steps must be a whole number, got True"),
        ("stage: joint\noutput: x\nminutes: soon", "minutes must be a number or nothing, got 'soon'"),
        ("stage: joint\noutput: 7", "output must be text, got 7"),
        ("stage: joint\noutput: x\nweights: {box: 1e-1}", "weights must be .*, got {'box': '1e-1'}"),
        ("stage: joint\noutput: x\nweights: [box]", "weights must be"),
        ("stage: joint\noutput: x\nsteps: 0", "steps must be 1 or more; got 0"),
        ("stage: joint\noutput: x\nbatch_size: -1", "batch_size must be 1 or more; got -1"),
        ("stage: joint\noutput: x\naccumulate: 0", "accumulate must be 1 or more; got 0"),
        ("stage: joint\noutput: x\nema: 1.0", "ema must be between 0 and 1; got 1.0"),
        ("stage: joint\noutput: x\nema: 0", "ema must be between 0 and 1; got 0"),
        ("stage: joint\noutput: x\nminutes: 0", "minutes must be positive; got 0"),
        ("stage: joint\noutput: x\nlearning_rate: .nan", "learning_rate must be a number, got nan"),
        ("stage: joint\noutput: x\nworkers: -1", "workers must be 0 or more"),
        ("stage: joint\noutput: x\nphoto_share: 1.5", r"photo_share must be in 0\.\.1; got 1\.5"),
        ("stage: joint\noutput: x\nwarmup: 1.0", "warmup must be .* below 1"),
        ("stage: joint\noutput: x\nlabel_smoothing: 1.0", "label_smoothing must be .* below 1; got 1.0"),
        ("stage: joint\noutput: x\nmixed_precision: half", "mixed_precision must be one of no, bf16, fp16"),
        ("stage: joint\noutput: x\nimage_sizes: [[0.0, 100]]", "image_sizes must be .* multiple of 32"),
        ("stage: joint\noutput: x\nimage_sizes: [96, 128]", "image_sizes must be"),
        ("stage: joint\noutput: x\nepochs: 2", "epochs need cstbir: scenes have no end"),
        ("stage: joint\noutput: x\ncstbir: x\nepochs: 0", "epochs must be positive"),
        ("stage: joint\noutput: x\nstart: {all: a, clip: b}", "one of `all`, `clip`, not from several"),
        ("stage: joint\noutput: x\nminutes: 3\nwarmup_steps: 9", "warmup_steps needs a run of steps"),
        ("stage: joint\noutput: x\nwarmup_steps: -1", "warmup_steps must be 0 or more; got -1"),
        ("stage: image\noutput: x\ncstbir: y", "cstbir is for the sketch and the joint stage, .* image and"),
        (
            "stage: joint\noutput: x\ncstbir: y\nbank: z\nphoto_share: 0.1",
            "got .* joint and bank, photo_share",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path, text, message):
    with pytest.raises(RunError, match=message) as error:
        TrainConfig.read(write(tmp_path, text))
    assert "run.yaml" in str(error.value)


def test_a_missing_or_binary_file_is_named(tmp_path):
    with pytest.raises(RunError, match=r"absent\.yaml"):
        TrainConfig.read(tmp_path / "absent.yaml")
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\xff\xd8\xff\x00" * 20)
    with pytest.raises(RunError, match=r"picture\.yaml"):
        TrainConfig.read(path)


def test_a_warm_up_in_steps_is_a_share_of_the_run():
    run = TrainConfig(stage="joint", output="x", steps=120_000, warmup_steps=2_000)
    assert run.warmup_share == pytest.approx(1 / 60)
    rehearsal = replace(run, steps=500)
    progress = 250 / 500
    rate = learning_rate_factor(progress, rehearsal.warmup_share, rehearsal.final_rate)
    assert rate == pytest.approx(250 / 2_000)  # just as at step 250 of the whole run
    assert TrainConfig(stage="joint", output="x", warmup=0.2).warmup_share == 0.2


def test_epochs_become_steps():
    run = TrainConfig(stage="sketch", output="x", cstbir="y", epochs=2, batch_size=100)
    assert run.with_epochs(examples=1_040, processes=1).steps == 21
    assert run.with_epochs(examples=1_040, processes=4).steps == 6
    assert replace(run, accumulate=3).with_epochs(examples=1_040, processes=1).steps == 7
    assert run.with_epochs(examples=1_040, processes=4).epochs is None
    plain = replace(run, epochs=None, steps=7)
    assert plain.with_epochs(examples=1_040, processes=1) is plain


@pytest.mark.parametrize("name", ["photo_share", "photo_texts", "hard_negatives", "copy_paste"])
def test_a_share_of_a_batch_lies_between_none_and_all(name):
    assert getattr(TrainConfig(stage="joint", output="x", **{name: 1.0}), name) == 1.0
    for value in (-0.1, 1.1):
        with pytest.raises(RunError, match=rf"{name} must be in 0\.\.1; got {value}"):
            TrainConfig(stage="joint", output="x", **{name: value})


def test_the_steps_of_the_command_line_win_over_epochs():
    config = TrainConfig(stage="sketch", output="x", cstbir="data", epochs=2)
    assert config.limited(None, None) == config
    rehearsal = config.limited(5, 1.5, "y")
    assert (rehearsal.epochs, rehearsal.steps, rehearsal.minutes, rehearsal.output) == (None, 5, 1.5, "y")


def test_networks_that_were_trained_apart_come_together_and_alone(tmp_path):
    networks = {name: str(tmp_path) for name in NETWORKS}
    with pytest.raises(RunError, match="go together, got image_network alone"):
        TrainConfig(stage="sketch", output="out", start={"image_network": str(tmp_path)})
    with pytest.raises(RunError, match="comes from one of `all`, `image_network`"):
        TrainConfig(stage="sketch", output="out", start={"all": "run", **networks})
    assert TrainConfig(stage="sketch", output="out", start=networks).start == networks
