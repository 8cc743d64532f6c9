"""A short crowd in front of the tiny gallery: nothing fails, and who is one too many hears it at once."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.load import measure
from benchmarks.visitors import ANSWERED, BUSY, FAILED, Report
from tests.galleries import make_gallery
from webapp.search_service import WAITING

if TYPE_CHECKING:
    from stnet.search import SearchEngine


@pytest.fixture(scope="module")
def engine(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> "SearchEngine":
    from stnet.search import SearchEngine

    gallery = make_gallery(tmp_path_factory.mktemp("load"), tiny_checkpoint, count=6)
    return SearchEngine.from_pretrained(tiny_checkpoint, gallery, "cpu")


def test_a_crowd_is_answered_and_a_flood_is_told_so(engine: "SearchEngine") -> None:
    found = measure(engine, clients=6, seconds=1.5, calls=4 * WAITING)
    visits, flooded = found["visits"], found["flood"]
    assert FAILED not in visits and FAILED not in flooded, (visits, flooded)
    assert visits[ANSWERED]["calls"] >= 6
    assert flooded[ANSWERED]["calls"] >= WAITING
    assert flooded[BUSY]["calls"] + flooded[ANSWERED]["calls"] == 4 * WAITING
    assert found["after_flood"]["first_search"] < 30
    assert all(1 < megabytes < 1 << 20 for megabytes in found["memory_over_time"])
    assert len(found["memory_over_time"]) >= 5


def test_outcomes_are_counted_with_their_times() -> None:
    report = Report()
    for number in range(1, 101):
        report.add(ANSWERED, number / 100)
    report.add(BUSY, 0.5, "full")
    assert report.to_dict() == {
        ANSWERED: {"calls": 100, "median": 0.51, "p95": 0.96},
        BUSY: {"calls": 1, "median": 0.5, "p95": 0.5},
        "reasons": {"full": 1},
    }
