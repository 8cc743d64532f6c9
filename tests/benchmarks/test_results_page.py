"""The page of results: a table for every run, and only in its place."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.results_page import filled, of_kind, read_runs, suites

RESULTS = Path(__file__).resolve().parents[2] / "docs/results"
PLACES = (
    *("overview", "suites", "matches", "exclusion", "several"),
    *("newcomer", "page-speed", "ablation", "systems", "uses"),
)
EMPTY = "text\n" + "".join(f"<!-- begin: {name} -->\n<!-- end: {name} -->\nbetween\n" for name in PLACES)


@pytest.fixture
def runs():
    return read_runs(RESULTS)


def test_every_suite_has_its_tables_however_many_there_are(runs):
    runs |= {"another": runs["scenes-1k"] | {"suite": "another", "chance": {"R@10": 2.5}}}
    page = filled(EMPTY, runs)
    assert re.findall(r"^### (.*)$", page, re.MULTILINE) == [*suites(runs)]
    assert (
        f"| another | sketch + words | {runs['scenes-1k']['retrieval']['sketch+text']['R@1']:.1f} |" in page
    )
    assert "| 2.5 |" in page  # chance
    assert page.count("\nbetween\n") == len(PLACES) and page.startswith("text\n")


def test_filling_twice_changes_nothing(runs):
    once = filled(EMPTY, runs)
    assert filled(once, runs) == once


def test_a_part_of_a_suite_is_said_to_be_one(runs):
    page = filled(EMPTY, {"quick": runs["scenes-1k"] | {"complete": False}})
    assert "| quick (a PART) |" in page and "a PART of the suite: not comparable" in page


def test_runs_are_told_apart_by_kind(runs):
    assert set(of_kind(runs, "matches")) == {"matches-photos", "matches-scenes-1k"}
    assert not set(of_kind(runs, "matches")) & set(suites(runs))


@pytest.mark.parametrize("page", [EMPTY + EMPTY, EMPTY.replace("overview", "elsewhere"), "no places"])
def test_a_page_with_other_places_is_refused(page, runs):
    with pytest.raises(ValueError, match="one place each"):
        filled(page, runs)


@pytest.mark.parametrize(("content", "message"), [("{", "is not JSON"), (json.dumps([1]), "got a list")])
def test_what_is_no_run_is_named(tmp_path, content, message):
    (tmp_path / "odd.json").write_text(content)
    with pytest.raises(ValueError, match=message):
        read_runs(tmp_path)
