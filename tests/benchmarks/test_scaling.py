"""The plan for more pictures than one machine holds is computed from what was measured, and says so."""

import json
import math

import pytest

from benchmarks.scaling import (
    MANIFEST,
    PERFORMANCE,
    SCALING,
    Machine,
    Measured,
    filled,
    plan,
    read_measured,
)

PAGE = """
| pictures | search | CPU, ms | CPU / floor | MB read |
|---:|---|---:|---:|---:|
| 10,000 | ours, exhaustive | 1,200 | 6 | 190 |
| 10,000 | ours, two stages | 140 | 9 | 29.9 |
| 1,000,000 | ours, two stages | 360 | 9 | 617 |
"""
MEASURED = Measured(
    patches=100,
    pictures=900,
    centroids=20,
    vectors=10,
    parts=8,
    dimension=128,
    sieve=15,
    exact_ms=0.1,
    centroids_ms=0.01,
    sieve_ms=0.001,
    bytes_a_ms=1e6,
)


def test_the_page_is_what_is_computed_now():
    page = SCALING.read_text(encoding="utf-8")
    assert filled(page) == page, "run `python -m benchmarks.scaling`"


def test_figures_are_read_off_the_table_of_measurements():
    measured = read_measured(PAGE, json.loads(MANIFEST.read_bytes()))
    assert measured.exact_ms == pytest.approx(0.12)
    assert measured.centroids_ms == pytest.approx((140 - 120) / 10_000)
    assert measured.sieve_ms == pytest.approx((360 - 120 - 20_000 * 0.002) / 1_000_000)
    assert measured.sieve == 8 * 72
    assert measured.bytes_a_ms == pytest.approx(190e6 / 200)
    assert (measured.patches, measured.one_bit) == (144 * 132, 240)
    assert read_measured(PERFORMANCE.read_text(), json.loads(MANIFEST.read_bytes())).exact_ms > 0
    with pytest.raises(ValueError, match="no row of 10,000 pictures for 'ours, two stages'"):
        read_measured(PAGE.replace("two stages", "other"), json.loads(MANIFEST.read_bytes()))


def test_machines_are_those_that_hold_the_pictures():
    machine = Machine(cores=10, memory=40e9, disk=1e12)
    built, one_bit = plan(10_000_000, MEASURED, machine, math.inf)
    assert (built.machines, one_bit.machines) == (1, 1)
    assert built.memory == pytest.approx(0.45)
    assert built.first == pytest.approx(10_000_000 * 0.001 / 10)
    assert built.centroids == pytest.approx(200_000 * 0.01 / 10)
    assert one_bit.first == pytest.approx(10_000_000 * 240 / 1e6)
    assert one_bit.centroids == pytest.approx(20_000 * 0.01 / 10)
    assert built.exact == one_bit.exact == pytest.approx(1_000 * 0.1 / 10)
    large, _ = plan(2_000_000_000, MEASURED, machine, math.inf)
    assert large.machines == 3  # of memory it would be 2, of 2 TB of patches and pictures 3
    fast = plan(10_000_000, MEASURED, machine, built.total / 4)[0]
    assert (fast.machines, fast.total) == (4, pytest.approx(built.total / 4))
