"""The paper's schedule from end to end, as small as can be: CLIP -> sketches -> jointly -> search."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from index_builder.__main__ import main as build_index
from stnet.data.cstbir import draw_sketch, load_cstbir
from stnet.evaluate import main as evaluate
from stnet.export import main as export
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.search.__main__ import main as search
from stnet.train import main as train
from stnet.training.config import TrainConfig
from tests.clips import MEAN, make_clip
from tests.cstbir_folder import make_cstbir

RUNS = ("cstbir-1-sketch", "cstbir-2-joint")
PATHS = {"output", "cstbir", "clip", "all", "heads"}
CONFIGS = Path(__file__).resolve().parents[2] / "configs" / "paper"
# what is smaller than in the paper; everything else is as in the files that people run
SMALL = {"workers": 0, "mixed_precision": "no", "log_every": 4}
SKETCH = {**SMALL, "batch_size": 4, "epochs": 40, "learning_rate": 3e-3}
JOINT = {**SMALL, "batch_size": 8, "steps": 40, "warmup_steps": 3, "learning_rate": 4e-3}


def scaled_down(name, folder, changes):
    """A configuration of configs/paper with `changes`, its folders in `folder`."""
    paper = TrainConfig.read(CONFIGS / f"{name}.yaml")
    values = {
        **changes,
        "inherit": str(CONFIGS / f"{name}.yaml"),
        "cstbir": str(folder / "cstbir"),
        "output": str(folder / Path(paper.output).name),
        "start": {part: str(folder / Path(path).name) for part, path in paper.start.items()},
    }
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(values))
    return ["--config", str(path)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schedule")
    make_clip(folder / "clip-vit-base-patch16")
    make_cstbir(folder / "cstbir")
    assert train(scaled_down("1-sketch", folder, SKETCH)) == 0
    assert train(scaled_down("2-joint", folder, JOINT)) == 0
    assert export(["--run", str(folder / RUNS[1]), "--out", str(folder / "checkpoint")]) == 0
    return folder


def test_the_configurations_are_the_papers():
    sketch, joint = (TrainConfig.read(CONFIGS / f"{name}.yaml") for name in ("1-sketch", "2-joint"))
    assert (sketch.stage, sketch.epochs, list(sketch.start)) == ("sketch", 2, ["clip"])
    assert joint.frozen == ["sketch_tower"] and joint.start["all"] == joint.start["heads"] == sketch.output
    assert (joint.learning_rate, joint.warmup_steps, joint.steps) == (2e-5, 2_000, 120_000)
    assert (joint.batch_size, joint.accumulate, joint.queries_per_image) == (200, 2, 1)
    assert set(joint.weights) >= {"contrastive", "classification", "focus", "box", "reconstruction"}
    assert {entry.name for entry in fields(TrainConfig)} >= {*SKETCH, *JOINT}


@pytest.mark.parametrize("name", RUNS)
def test_every_stage_learns(folder, name):
    rows = [json.loads(line) for line in (folder / name / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["loss"] < 0.8 * rows[0]["loss"]


def test_the_sketch_tower_is_tuned_first_and_stands_still_then(folder):
    clip = STNetModel.from_clip(str(folder / "clip-vit-base-patch16"))
    first, second = (STNetModel.from_pretrained(folder / name) for name in RUNS)
    towers = {
        name: [dict(getattr(model, name).named_parameters()) for model in (clip, first, second)]
        for name in ("sketch_tower", "image_tower", "text_tower")
    }

    def same(one, other):
        return all(torch.equal(one[name], other[name]) for name in one)

    assert not same(*towers["sketch_tower"][:2]) and same(*towers["sketch_tower"][1:])
    for name in ("image_tower", "text_tower"):
        assert same(*towers[name][:2]) and not same(*towers[name][1:])
    assert second.config.categories == ["box", "hot air balloon"]
    assert STNetProcessor.from_pretrained(folder / "checkpoint").image.mean == tuple(MEAN)


def test_the_suite_sees_what_was_learned(folder, tmp_path):
    paths = ["--checkpoint", str(folder / "checkpoint"), "--cstbir", str(folder / "cstbir")]
    assert (
        evaluate(["--suite", "cstbir", *paths, "--workers", "0", "--json", str(tmp_path / "out.json")]) == 0
    )
    figures = json.loads((tmp_path / "out.json").read_text())
    assert (figures["images"], figures["queries"]) == (8, 8)
    found = figures["retrieval"]["sketch+text"]
    # two photos have each text: they are first; chance is R@5 62.5, MdR 4.5
    assert found["R@5"] == 100 and found["MdR"] <= 2
    where = figures["localization"]
    assert where["queries"] == 6 and where["pointing game"] > 80 > 4 * where["pointing game, chance by area"]


def test_an_index_of_the_photos_answers_a_search(folder, tmp_path, capsys):
    checkpoint, gallery = str(folder / "checkpoint"), str(tmp_path / "gallery")
    photos = ["--images", str(folder / "cstbir" / "images")]
    assert build_index([*photos, "--checkpoint", checkpoint, "--out", gallery]) == 0
    query = load_cstbir(folder / "cstbir", "test")[0].queries[0]
    Image.fromarray(255 - np.asarray(draw_sketch(query.sketch))).save(tmp_path / "drawing.png")
    capsys.readouterr()
    asked = ["--sketch", str(tmp_path / "drawing.png"), "--text", query.text, "--top-k", "3", "--json"]
    assert search([*asked, "--checkpoint", checkpoint, "--gallery", gallery]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["query"]["mode"] == "sketch+text" and answer["gallery"]["size"] == 8
    assert [result["rank"] for result in answer["results"]] == [1, 2, 3]
    assert "VG_100K/0.jpg" in [result["id"] for result in answer["results"]]
    for result in answer["results"]:
        x0, y0, x1, y1 = result["box"]
        assert 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 and -1 <= result["score"] <= 1
