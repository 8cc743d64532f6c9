"""Each seed's systems over its own STNET, and what is missing."""

import pytest

from stnet.systems.shared.learning import Schedule
from stnet.systems.shared.stnet_run import train_stnet
from stnet.systems.trained import trained_systems, trained_towers
from tests.systems.pools import random_suite


def test_systems_with_equal_encoders_share_what_they_see(shared_pool, tmp_path, monkeypatch):
    monkeypatch.setattr("stnet.systems.trained.seed_folder", lambda trained, seed: tmp_path / str(seed))
    with pytest.raises(ValueError, match=r"no trained STNET in .*/0, .*/1: run `make systems`"):
        trained_towers([0, 1])
    train_stnet(shared_pool, Schedule(), {"contrastive": 1.0}, 0, tmp_path / "0")
    assert trained_towers([0]) == {0: tmp_path / "0"}
    found = trained_systems(tmp_path / "0", 0, ["stnet", "average"], random_suite(shared_pool))
    assert list(found) == ["stnet", "average"]
    assert found["stnet"].seen is found["average"].seen
    assert not found["average"].alone
