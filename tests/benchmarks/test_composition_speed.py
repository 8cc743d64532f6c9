"""The benchmark of composition runs, measures what it says, and refuses what it can't do."""

import json

import numpy as np
import pytest

from benchmarks import composition_speed
from benchmarks.composition_speed import main, milliseconds, plain_picture, rate_together, steps
from stnet.data.objects import shapes_bank

BANK = shapes_bank()


def test_the_peer_is_a_picture_of_three_objects_on_a_gradient():
    first, again = (plain_picture(BANK, np.random.default_rng(0), 48) for _ in range(2))
    assert first.shape == (48, 48, 3) and first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert len(np.unique(first.reshape(-1, 3), axis=0)) > 20


def test_time_is_the_mean_of_the_calls_after_the_warm_up():
    seeds = []

    def make(rng):
        seeds.append(rng.integers(1000))

    assert milliseconds(make, 7) >= 0
    assert len(seeds) == composition_speed.WARM_UP + 7


def test_the_steps_are_the_whole():
    shares = steps(BANK, 32, 5)
    assert sum(shares.values()) == pytest.approx(1)
    assert all(0 <= share < 1 for share in shares.values()) and shares["paint the place"] > 0.05


def test_the_table_and_the_json_say_the_same(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(composition_speed, "WARM_UP", 1)
    out = tmp_path / "speed.json"
    main(f"--size 32 --scenes 3 --seconds 0.05 --processes 1 --json {out}".split())
    figures = json.loads(out.read_text())
    assert figures["scenes_per_second_one_core"] == pytest.approx(1000 / figures["scene_ms"])
    assert figures["ratio_to_peer"] == pytest.approx(figures["scene_ms"] / figures["peer_ms"])
    assert figures["scenes_per_second_together"] > 0 and figures["processes"] == 1
    printed = capsys.readouterr().out
    assert f"{figures['scene_ms']:.2f} ms" in printed and "paint the place" in printed


def test_a_process_that_fails_is_told(tmp_path):
    with pytest.raises(RuntimeError, match="1 of 1 processes failed"):
        rate_together(str(tmp_path), 32, 0.1, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [("--scenes 0", "must be positive"), ("--bank nowhere", "no object bank in nowhere")],
)
def test_what_cannot_be_measured_is_said(arguments, message, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments.split())
    assert ended.value.code == 2 and message in capsys.readouterr().err
