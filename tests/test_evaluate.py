"""The command line of the measurement, from files on disk to its JSON and tables."""

import json
from itertools import cycle

import numpy as np
import pytest
from PIL import Image

from stnet.data.categories import load_split
from stnet.data.objects import CutOut, ObjectBank, shapes_bank
from stnet.data.photos import is_held_out
from stnet.evaluate import main
from stnet.fingerprint import model_fingerprint


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """A bank with every category of the committed split, each shown by some shape."""
    shapes = shapes_bank()
    cut_outs = [cut_out for name in shapes.categories for cut_out in shapes.cut_outs(name, held_out=False)]
    named = zip(load_split().names, cycle(cut_outs), strict=False)
    folder = tmp_path_factory.mktemp("bank")
    ObjectBank([CutOut(name, name, shape.pixels, False) for name, shape in named]).save(folder)
    return folder


def measured(tmp_path, *arguments):
    out = tmp_path / "figures.json"
    code = main([*map(str, arguments), "--workers", "0", "--device", "cpu", "--json", str(out)])
    assert code == 0
    return json.loads(out.read_text())


def test_scenes(tmp_path, bank, tiny_checkpoint, capsys):
    table = tmp_path / "table.md"
    figures = measured(
        tmp_path, "--suite", "scenes-open", "--checkpoint", tiny_checkpoint, "--bank", bank,
        "--images", 8, "--robustness", "--markdown", table,
    )  # fmt: skip
    assert list(figures) == [
        "format", "checkpoint", "suite", "complete", "images", "queries", "chance", "retrieval", "oracle",
        "groups", "sketch by category", "localization", "candidates", "percentile", "gain", "robustness",
    ]  # fmt: skip
    assert figures["checkpoint"] == model_fingerprint(tiny_checkpoint)
    assert (figures["suite"], figures["complete"], figures["images"], figures["queries"]) == (
        "scenes-open",
        False,
        8,
        8,
    )
    assert figures["groups"]["sketch"]["traced sketches"]["queries"] == 8
    assert figures["robustness"]["queries"] == 8
    for name, oracle in figures["oracle"].items():
        assert oracle["R@10"] == 100 >= figures["retrieval"][name]["R@10"]  # 8 pictures
    assert table.read_text() in capsys.readouterr().out


def test_another_system_and_its_errors(tmp_path, bank, tiny_checkpoint, capsys):
    figures = measured(
        tmp_path, "--suite", "scenes-open", "--checkpoint", tiny_checkpoint, "--bank", bank,
        "--images", 20, "--system", "average", "--errors", 3,
    )  # fmt: skip
    assert list(figures) == [
        "format", "system", "checkpoint", "suite", "complete", "images", "queries", "chance", "retrieval",
        "oracle", "groups", "sketch by category", "search", "gain", "errors",
    ]  # fmt: skip
    assert (figures["system"], figures["images"]) == ("average", 20)
    errors = figures["errors"]
    assert errors["modality"] == "sketch+text"
    assert sum(errors["rules"].values()) == errors["looked at"] == min(3, errors["failed"])
    shown = capsys.readouterr().out
    assert f"why {errors['looked at']} of {errors['failed']} queries failed" in shown and "CPU ms" in shown


def test_stnet_s_errors(tmp_path, bank, tiny_checkpoint):
    common = ("--suite", "scenes-open", "--checkpoint", tiny_checkpoint, "--bank", bank, "--images", 20)
    plain = measured(tmp_path, *common)
    assert "errors" not in plain and "system" not in plain
    sorted_too = measured(tmp_path, *common, "--system", "stnet", "--errors", 2)
    failed = sorted_too.pop("errors")["failed"]
    assert sorted_too == plain
    assert failed == round(20 * (1 - plain["retrieval"]["sketch+text"]["R@10"] / 100))


def test_scenes_with_human_drawings_say_so(tmp_path, bank, tiny_checkpoint):
    rows = [
        {"category": names[0], "id": str(number), "strokes": [[[0, 90, 90, 0], [0, 0, 90, 60]]]}
        for names in load_split().drawings.values()
        for number in range(20)
    ]
    drawings = tmp_path / "drawings"
    drawings.mkdir()
    (drawings / "strokes.ndjson").write_text("\n".join(json.dumps(row) for row in rows))
    common = ("--suite", "scenes-1k", "--checkpoint", tiny_checkpoint, "--bank", bank, "--images", 10)
    groups = measured(tmp_path, *common, "--drawings", drawings)["groups"]["sketch"]
    human, drawn = groups["human sketches"], groups["human sketches, categories with human drawings"]
    assert human["queries"] == drawn["queries"] > 0
    assert human["queries"] + groups["traced sketches"]["queries"] == 10


def test_photos(tmp_path, tiny_checkpoint):
    names = [name for name in (f"{number}.png" for number in range(60)) if is_held_out(name)][:4]
    (tmp_path / "images").mkdir()
    for number, name in enumerate(names):
        Image.fromarray(np.full((20, 40, 3), 60 * number, np.uint8)).save(tmp_path / "images" / name)
    objects = [{"category": "dog", "bbox": [0, 0, 20, 20]}]
    rows = [{"file": name, "width": 40, "height": 20, "objects": objects} for name in names]
    (tmp_path / "photos.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    lines = [
        {"category": "dog", "id": str(number), "strokes": [[[0, 90, 90], [0, 0, 90]]]} for number in range(30)
    ]
    (tmp_path / "strokes.ndjson").write_text("\n".join(json.dumps(line) for line in lines))
    figures = measured(
        tmp_path,
        "--suite",
        "photos",
        "--checkpoint",
        tiny_checkpoint,
        "--photos",
        tmp_path,
        "--drawings",
        tmp_path,
    )
    assert (figures["images"], figures["queries"], figures["complete"]) == (4, 4, True)
    assert figures["sketch by category"]["mean of queries"]["mAP@100"] == 100  # every photo shows a dog
    assert figures["localization"]["pointing game, chance by area"] == 50


def test_cstbir(tmp_path, tiny_checkpoint):
    (tmp_path / "images").mkdir()
    (tmp_path / "sketches").mkdir()
    rows = ["text,image_filename,sketch_filename,object_category,split"]
    for number in range(5):
        pixels = np.random.default_rng(number).integers(0, 256, (30, 30, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "images" / f"{number}.png")
        rows.append(f"on the beach,{number}.png,camel_{number % 2}.png,camel,test")
    (tmp_path / "queries.csv").write_text("\n".join(rows))
    ink = Image.new("L", (40, 40), 255)
    ink.paste(0, (5, 10, 30, 14))
    ink.save(tmp_path / "sketches" / "camel_0.png")
    lines = [json.dumps({"drawing": [[[0, 50, 90], [0, 10, 90 + number]]]}) for number in range(2)]
    (tmp_path / "sketches" / "camel.ndjson").write_text("\n".join(lines))
    boxes = [{"image_id": 3, "objects": [{"x": 15, "y": 0, "w": 15, "h": 30, "names": ["camel"]}]}]
    (tmp_path / "objects.json").write_text(json.dumps(boxes))
    figures = measured(tmp_path, "--suite", "cstbir", "--checkpoint", tiny_checkpoint, "--cstbir", tmp_path)
    assert (figures["suite"], figures["images"], figures["queries"]) == ("cstbir test", 5, 5)
    assert list(figures["retrieval"]) == ["sketch+text", "sketch", "text"]
    assert figures["localization"]["queries"] == 1  # one photo has boxes
    assert figures["localization"]["mean IoU, whole picture"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--checkpoint", "/nowhere"], "There is no checkpoint at /nowhere"),
        (["--images", "0"], "--images must be 1 or more"),
        (["--bank", "/nowhere"], "nowhere"),
        (["--suite", "photos"], "say where they are with --drawings"),
        (["--suite", "captions", "--photos", "/nowhere"], "no photos in /nowhere"),
        (["--suite", "captions-drawn"], "say where they are with --drawings"),
        (["--suite", "photo-gallery", "--drawings", "/nowhere"], "lacks 60 of 60 drawings"),
        (["--system", "two-stage"], "can't name drawings"),
        (["--system", "average", "--robustness"], "--robustness and --picture are for the system stnet"),
        (["--suite", "cstbir", "--cstbir", "/nowhere"], "expected one .csv of queries in /nowhere"),
    ],
)
def test_what_is_missing_is_said(tiny_checkpoint, capsys, arguments, message):
    common = ["--suite", "scenes-1k", "--checkpoint", str(tiny_checkpoint), "--workers", "0"]
    assert main([*common, *arguments]) == 2
    assert message in capsys.readouterr().err


def test_an_incomplete_checkpoint_is_refused(tmp_path, tiny_checkpoint, capsys):
    from safetensors.torch import load_file, save_file

    for path in tiny_checkpoint.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = load_file(tmp_path / "model.safetensors")
    save_file(
        {name: value for name, value in weights.items() if name != "neutral_sketch"},
        tmp_path / "model.safetensors",
        metadata={"format": "pt"},
    )
    assert main(["--suite", "scenes-1k", "--checkpoint", str(tmp_path)]) == 2
    assert "is incomplete: 1 weights are missing" in capsys.readouterr().err
