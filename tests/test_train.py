"""``python -m stnet.train``: a small run on shapes from the command line, and errors without a traceback."""

import json
import subprocess
import sys

import pytest
import torch

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.train import main
from tests.clips import make_clip

TOWER = "hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1, num_attention_heads: 2"
MODEL = f"""
model:
  projection_dim: 16
  image_config: {{image_size: 64, stem_channels: 8, stage_channels: [8, 16, 24], {TOWER}}}
  sketch_config: {{image_size: 32, patch_size: 8, num_channels: 1, {TOWER}}}
  text_config: {{max_position_embeddings: 16, {TOWER}}}
"""
JOINT = """
stage: joint
steps: 2
batch_size: 3
workers: 0
log_every: 1
weights: {contrastive: 1.0, focus: 1.0}
"""


@pytest.fixture(autouse=True)
def few_texts(monkeypatch):
    monkeypatch.setattr("stnet.training.build.CORPUS_TEXTS", 300)


def write(folder, text):
    path = folder / "run.yaml"
    path.write_text(f"{text}\noutput: {folder / 'run'}\n")
    return str(path)


def test_a_run_on_shapes_from_nothing_and_from_its_parts(tmp_path, capsys):
    assert main(["--config", write(tmp_path, JOINT + MODEL)]) == 0
    folder = tmp_path / "run"
    assert len((folder / "log.jsonl").read_text().splitlines()) == 2
    model, processor = STNetModel.from_pretrained(folder), STNetProcessor.from_pretrained(folder)
    assert model.config.grid == (4, 4) and len(model.config.categories) == 12
    assert processor.tokenizer.eos_token_id == model.config.text_config.eos_token_id
    assert model.config.text_config.vocab_size == len(processor.tokenizer)

    second = tmp_path / "second"
    start = f"start: {{sketch_tower: {folder}, neutral_words: {folder}}}\n"
    assert main(["--config", write(tmp_path, JOINT + MODEL + start), "--output", str(second)]) == 2
    assert "start: the model has no part 'neutral_words'" in capsys.readouterr().err

    everything = JOINT + f"start: {{all: {folder}}}\n"
    assert main(["--config", write(tmp_path, everything), "--output", str(second), "--steps", "1"]) == 0
    assert [json.loads(line)["step"] for line in (second / "log.jsonl").read_text().splitlines()] == [1]
    assert STNetModel.from_pretrained(second).config.to_dict().keys() == model.config.to_dict().keys()


def test_a_vit_of_large_patches_can_be_trained(tmp_path, capsys):
    vit = MODEL.replace(
        "image_size: 64, stem_channels: 8, stage_channels: [8, 16, 24]",
        "model_type: clip_vision_model, image_size: 64, patch_size: 32",
    )
    assert main(["--config", write(tmp_path, JOINT.replace("{c", "{dense: 1.0, box: 1.0, c") + vit)]) == 0
    rows = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert len(rows) == 2 and all(row["focus"] > 0 and row["dense"] > 0 for row in rows)
    assert STNetModel.from_pretrained(tmp_path / "run").config.grid == (2, 2)
    assert main(["--config", write(tmp_path, JOINT + vit + "image_sizes: [[0.0, 32]]")]) == 2
    assert "image_sizes is for the convolutional image tower" in capsys.readouterr().err


def test_a_run_begins_with_clip(tmp_path, capsys):
    make_clip(tmp_path / "clip")
    start = f"start: {{clip: {tmp_path / 'clip'}}}\nmodel: {{attention_temperature: 2.0}}\n"
    start += "learning_rate: 1.0e-6\n"
    path = write(tmp_path, JOINT + start)
    assert main(["--config", path]) == 0
    model = STNetModel.from_pretrained(tmp_path / "run")
    clip = STNetModel.from_clip(str(tmp_path / "clip"))
    assert len(model.config.categories) == 12 and model.temperature.item() == pytest.approx(2, rel=1e-3)
    for name, value in clip.image_tower.named_parameters():
        assert torch.allclose(model.image_tower.get_parameter(name), value, atol=1e-4), name
    ours = STNetProcessor.from_pretrained(tmp_path / "run")
    theirs = STNetProcessor.from_clip(str(tmp_path / "clip"))
    assert (ours.image, ours.sketch_settings) == (theirs.image, theirs.sketch_settings)
    assert ours.text("a duck").input_ids.tolist() == theirs.text("a duck").input_ids.tolist()

    for wrong, message in [
        ({"start: {clip: ": "start: {clip: no"}, "start: can't begin with the CLIP checkpoint no"),
        ({"attention_temperature": "projection_dim"}, r"['projection_dim'] come from the CLIP checkpoint"),
        ({"attention_temperature": "attention"}, "model: unknown fields ['attention']"),
    ]:
        text = JOINT + start
        for old, new in wrong.items():
            text = text.replace(old, new)
        assert main(["--config", write(tmp_path, text)]) == 2
        assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stage: sculpture", "stage must be one of image, sketch, joint, match; got 'sculpture'"),
        ("stage: joint\nlerning_rate: 1.0", "unknown fields ['lerning_rate']"),
        (JOINT + "bank: nowhere", "no object bank in nowhere"),
        (JOINT + "drawings: nowhere", "no drawings in nowhere"),
        (JOINT + "photos: nowhere", "nowhere"),
        (JOINT + "cstbir: nowhere", "expected one .csv of queries in nowhere, found none"),
        (JOINT + "start: {all: nowhere}", "start: There is no checkpoint at nowhere"),
        (JOINT + MODEL + "start: {ears: nowhere}", "start: the model has no part 'ears'"),
        (JOINT + MODEL + "start: {sketch_tower: nowhere}", "start: There is no checkpoint at nowhere"),
        (JOINT + MODEL + "photo_share: 0.5", "photo_share is 0.5"),
        (JOINT + MODEL + "frozen: [ears]", "frozen: the model has no part 'ears'"),
        (
            JOINT + MODEL.replace("projection_dim", "projection_dims"),
            "model: unknown fields ['projection_dims']",
        ),
        (JOINT + MODEL.replace("patch_size: 8", "patch: 8"), "unknown fields ['sketch_config.patch']"),
        (JOINT + MODEL.replace("hidden_size: 16", "hidden_size: big"), "model: "),
        (JOINT + "model: {text_config: clip}", "text_config must hold fields"),
        (
            JOINT.replace("joint", "image") + MODEL,
            "weights name ['contrastive', 'focus']; this run has dense, box",
        ),
        (JOINT.replace("focus", "fokus") + MODEL, "weights name ['fokus']; this run has"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_line(tmp_path, capsys, text, message):
    assert main(["--config", write(tmp_path, text)]) == 2
    error = capsys.readouterr().err
    assert "error: " in error and message in error
    assert "Traceback" not in error


def test_the_command_line_wins_over_the_file_and_is_checked_too(tmp_path, capsys):
    path = write(tmp_path, JOINT + MODEL)
    assert main(["--config", path, "--steps", "0"]) == 2
    assert "steps must be 1 or more; got 0" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main(["--config", path, "--minutes", "soon"])
    assert stop.value.code == 2


def test_a_bad_configuration_ends_the_process_with_2_and_no_traceback(tmp_path):
    command = [sys.executable, "-m", "stnet.train", "--config", str(tmp_path / "absent.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 2
    assert done.stdout == "" and "Traceback" not in done.stderr
    assert "error: can't read the training configuration" in done.stderr and "absent.yaml" in done.stderr


def test_a_recipe_has_outputs_of_its_own(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--recipe", str(tmp_path), "--output", "runs/x"])
    assert stop.value.code == 2 and "--output is for one run" in capsys.readouterr().err
    assert main(["--recipe", str(tmp_path)]) == 2
    assert "is no recipe: it has no files such as 1-sketch.yaml" in capsys.readouterr().err
