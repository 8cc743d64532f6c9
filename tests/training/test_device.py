"""STNET_DEVICE holds for training, too."""

from types import SimpleNamespace

import pytest
import torch

from stnet.training.config import RunError
from stnet.training.device import accelerator


@pytest.fixture
def asked(monkeypatch):
    """What accelerate is asked for; it answers with the CPU."""
    found = []

    def answer(**options):
        found.append(options)
        return SimpleNamespace(device=torch.device("cpu"))

    monkeypatch.setattr("stnet.training.device.Accelerator", answer)
    return found


def test_the_cpu_is_taken_where_a_gpu_would_be(asked, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("STNET_DEVICE", "cpu")
    accelerator("no")
    assert asked[0]["cpu"] is True and asked[0]["mixed_precision"] == "no"


def test_what_accelerate_does_not_take_is_refused(asked, monkeypatch):
    monkeypatch.setenv("STNET_DEVICE", "meta")  # a device that every machine has
    with pytest.raises(RunError, match="accelerate computes on cpu in this process, not on meta"):
        accelerator("no")
    assert asked[0]["cpu"] is False


@pytest.mark.parametrize("name", ["warp-drive", "cuda:99"])
def test_a_device_that_is_not_there_is_named(monkeypatch, name):
    monkeypatch.setenv("STNET_DEVICE", name)
    with pytest.raises(ValueError, match=f"The device '{name}' can't be used here"):
        accelerator("no")


def test_processes_share_no_single_device(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("STNET_DEVICE", "cuda:1")
    with pytest.raises(RunError, match="one device for several processes: say cuda"):
        accelerator("no")
