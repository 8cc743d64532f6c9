"""From a system's YAML to what it learned, in a folder each seed; what makes no sense is said in one line."""

import pytest

from stnet.systems.concat.network import ConcatNetwork
from stnet.systems.registry import CONFIGS
from stnet.systems.shared.learning import read_schedule
from stnet.systems.train import TRAINED, main, train
from stnet.training.config import TrainConfig
from stnet.training.inheriting import read_fields

CONFIGURED = ("concat", "duet", "duet-aligned", "zse", "training/stnet")


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


def test_the_committed_configurations_make_sense():
    for path in (CONFIGS / f"{name}.yaml" for name in CONFIGURED):
        fields = read_fields(path)
        assert fields["system"] in TRAINED and fields["trained"].startswith("runs/systems/")
        assert read_schedule(fields["schedule"]).passes == 1
    pool = TrainConfig.read(CONFIGS / "training/pool.yaml")
    assert pool.pooled_scenes > 0 and "text_tower" in pool.frozen


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"system": "average", "trained": "x"}, r"trained here \(stnet, concat, duet, zse\), got 'average'"),
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
