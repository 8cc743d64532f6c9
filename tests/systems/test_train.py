"""From a system's YAML to what it learned, in a folder each seed; what makes no sense is said in one line."""

from dataclasses import replace

import pytest
import torch

from stnet.checkpoint import load_model
from stnet.evaluation.ablation import ROWS
from stnet.systems.concat.network import ConcatNetwork
from stnet.systems.registry import CONFIGS
from stnet.systems.shared.learning import read_schedule
from stnet.systems.train import OVER_TOWERS, TRAINED, main, train
from stnet.training.config import TrainConfig
from stnet.training.inheriting import read_fields

CONFIGURED = ("concat", "concat-crops", "duet", "duet-aligned", "zse")


def test_a_system_is_trained_into_the_folder_of_its_seed(pool_folder, shared_pool, tmp_path, capsys):
    path = tmp_path / "one.yaml"
    path.write_text(f"system: concat\ntrained: {tmp_path}/out\nembedding: 8\nschedule: {{passes: 1}}")
    assert main(["--config", str(path), "--pool", str(pool_folder), "--seed", "3"]) == 0
    assert ConcatNetwork.load(tmp_path / "out/seed-3").sizes.embedding == 8
    assert f"{tmp_path}/out/seed-3" in capsys.readouterr().out


def test_stnet_is_trained_with_the_weights_of_its_losses(shared_pool, tmp_path):
    fields = {"system": "stnet", "trained": str(tmp_path), "weights": {"words": 1.0}}
    folder = train(fields, shared_pool, 0)
    assert (folder / "config.json").is_file() and (folder / "log.jsonl").is_file()


def test_towers_of_one_half_have_the_weights_of_the_ablation_s_row():
    base = read_fields(CONFIGS / "training/stnet.yaml")["weights"]
    for name, row in (("text-only", "words only"), ("sketch-only", "sketch only")):
        (expected,) = [one.weights(base) for one in ROWS if one.name == row]
        assert read_fields(CONFIGS / f"training/{name}.yaml")["weights"] == expected


def test_towers_of_one_half_name_nothing(shared_pool, tmp_path):
    fields = {"system": "text-only", "trained": str(tmp_path), "weights": {"words": 1.0}}
    loaded = load_model(train(fields, shared_pool, 0), torch.device("cpu"))
    assert loaded.model.naming_head is None
    start, trained = shared_pool.fresh_model(0).state_dict(), loaded.model.state_dict()
    assert not torch.equal(trained["text_projection.weight"], start["text_projection.weight"])
    assert torch.equal(trained["sketch_projection.weight"], start["sketch_projection.weight"])


def test_crops_are_asked_for_by_name(shared_pool, tmp_path):
    fields = {"system": "concat", "trained": str(tmp_path), "embedding": 8}
    with pytest.raises(ValueError, match="targets must be pictures or crops, got 'boxes'"):
        train(fields | {"targets": "boxes"}, shared_pool, 0)
    with pytest.raises(ValueError, match="make them with"):
        train(fields | {"targets": "crops"}, replace(shared_pool, folder=tmp_path), 0)


def test_the_committed_configurations_make_sense():
    own = [CONFIGS / f"training/{name}.yaml" for name in OVER_TOWERS]
    for path in (*(CONFIGS / f"{name}.yaml" for name in CONFIGURED), *own):
        fields = read_fields(path)
        assert fields["system"] in TRAINED and fields["trained"].startswith("runs/systems/")
        assert read_schedule(fields["schedule"]).passes == 1
    pool = TrainConfig.read(CONFIGS / "training/pool.yaml")
    assert pool.pooled_scenes > 0 and "text_tower" in pool.frozen


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"system": "average", "trained": "x"},
            r"trained here \(stnet, text-only, sketch-only, concat, duet, zse\), got 'average'",
        ),
        ({"system": "concat", "trained": "x", "embedding": 0}, "a whole number from 1, got 0"),
        ({"system": "concat"}, "trained must be text"),
        ({"system": "stnet", "trained": "x", "schedule": 5}, "schedule must hold fields"),
        ({"system": "stnet", "trained": "x"}, "weights name no losses"),
        ({"system": "duet", "trained": "x", "weights": {"rec": 1}}, r"weights name \['rec'\]"),
    ],
)
def test_what_makes_no_sense(shared_pool, fields, message):
    with pytest.raises(ValueError, match=message):
        train(fields, shared_pool, 0)


def test_the_command_says_what_is_missing(tmp_path, capsys):
    assert main(["--config", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err
    (tmp_path / "one.yaml").write_text("system: concat\ntrained: w")
    assert main(["--config", str(tmp_path / "one.yaml"), "--pool", str(tmp_path / "nowhere")]) == 2
    assert "holds no whole pool" in capsys.readouterr().err
