"""Each rule by a picture that meets it, and which failed queries are looked at."""

import numpy as np
import pytest

from stnet.data.scenes.facts import Fact
from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.errors import RIGHT_TOO, RULES, UNKNOWN, WRONG_PLACE, WRONG_THING, sort_errors
from stnet.evaluation.suites.base import KnownObject, SuiteQuery

BEACH, NIGHT = Fact("place", "beach"), Fact("light", "night")
WHOLE = (0.0, 0.0, 1.0, 1.0)
INK = np.ones((4, 4), np.uint8)


def asked_suite(facts=(BEACH,), text="on the beach"):
    """Picture 0 is asked for; 1 is as right, 2 shows the thing elsewhere, 3 another thing there."""
    shown = [("cat", {BEACH}), ("cat", {BEACH, NIGHT}), ("cat", {NIGHT}), ("dog", {BEACH})]
    objects = [(KnownObject(name, WHOLE, frozenset(true)),) for name, true in shown]
    objects += [()] * 10
    queries = [SuiteQuery(0, "cat", (WHOLE,), INK, text, tuple(facts))]
    return AskedSuite("toy", True, objects, queries)


def scores_with_first(first):
    scores = np.linspace(1, 2, 14)[None].copy()  # picture 0 is last
    scores[0, first] = 3
    return scores


@pytest.mark.parametrize(
    ("first", "rule"), [(1, RIGHT_TOO), (2, WRONG_PLACE), (3, WRONG_THING), (9, WRONG_THING)]
)
def test_rules_of_a_query_with_both_halves(first, rule):
    found = sort_errors(asked_suite(), scores_with_first(first), "sketch+text", 5)
    assert found["rules"] == {name: int(name == rule) for name in RULES}
    assert found["queries"] == [{"query": 0, "rank": 14, "first": first, "rule": rule}]


@pytest.mark.parametrize(("modality", "first", "rule"), [
    ("sketch", 2, RIGHT_TOO), ("sketch", 3, WRONG_THING), ("text", 3, RIGHT_TOO), ("text", 2, WRONG_PLACE)
])  # fmt: skip
def test_half_a_query_asks_for_less(modality, first, rule):
    found = sort_errors(asked_suite(), scores_with_first(first), modality, 5)
    assert found["rules"][rule] == 1


def test_what_people_wrote_nobody_can_check():
    asked = asked_suite(facts=(), text="what a day")
    assert sort_errors(asked, scores_with_first(2), "sketch+text", 5)["rules"][UNKNOWN] == 1
    assert sort_errors(asked, scores_with_first(3), "sketch+text", 5)["rules"][WRONG_THING] == 1


def test_failed_queries_are_spread_over_the_suite():
    one = asked_suite()
    many = AskedSuite("toy", True, one.objects, one.queries * 11)
    scores = np.repeat(scores_with_first(2), 11, axis=0)
    scores[5, 0] = 9  # found
    found = sort_errors(many, scores, "sketch+text", 4)
    assert (found["failed"], found["looked at"]) == (10, 4)
    assert [row["query"] for row in found["queries"]] == [0, 3, 7, 10]


def test_no_failure_no_rule():
    scores = scores_with_first(0)
    found = sort_errors(asked_suite(), scores, "sketch", 3)
    assert (found["failed"], found["looked at"], sum(found["rules"].values())) == (0, 0, 0)
    with pytest.raises(ValueError, match="1 or more, got 0"):
        sort_errors(asked_suite(), scores, "sketch", 0)
