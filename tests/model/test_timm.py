"""Towers from timm: its own network, weights and pixel statistics, by way of a Hub.

`make setup-timm` installs it in a folder of its own: beside it there is torchvision, which nothing else here
may come to lean on.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from transformers import BertConfig, BertModel

from tests.hub_server import running_hub

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / "build/timm"
SCRIPT = Path(__file__).with_name("timm_towers.py")


def run(what, folder, **environment):
    paths = os.pathsep.join([str(INSTALLED), str(ROOT)])
    done = subprocess.run(
        [sys.executable, str(SCRIPT), what, str(folder)],
        env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    assert (INSTALLED / "timm").is_dir(), "timm isn't installed: run make setup-timm"
    folder = tmp_path_factory.mktemp("timm")
    text = BertConfig(
        vocab_size=40, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2
    )
    BertModel(text).save_pretrained(folder / "text")
    (folder / "network").mkdir()
    run("publish", folder / "network")
    with running_hub() as hub:
        hub.add("models/timm/tf_efficientnet_lite0.in1k", folder / "network", "main")
        printed = run("load", folder, HF_ENDPOINT=hub.address, HF_HOME=str(folder / "cache"))
        assert any("tf_efficientnet_lite0" in request for request in hub.requests)
    return json.loads(printed.splitlines()[-1])


def test_a_tower_has_the_weights_of_the_hub(found):
    assert found["backbone"] == "timm_backbone" and found["channels"] == [112, 320]
    assert len(found["weights"]) > 50 and all(found["weights"].values())


def test_pixels_are_prepared_as_the_network_was_trained(found):
    assert found["mean"] == found["published"] != [0.485, 0.456, 0.406]


def test_our_efficientnet_lite_is_the_same_network(found):
    assert max(found["ours"]) < 1e-5


def test_a_model_around_it_encodes_and_survives_a_checkpoint(found):
    assert found["patches"] == [2, 16, 16] and found["again"]
