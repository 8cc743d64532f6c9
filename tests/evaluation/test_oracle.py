"""The ceiling of a suite whose pictures are known by heart."""

from dataclasses import replace

import numpy as np
import pytest

from stnet.data.scenes.facts import Fact
from stnet.evaluation.oracle import Oracle
from stnet.evaluation.suites.base import KnownObject, SuiteQuery

BOX = (0.0, 0.0, 1.0, 1.0)
BEACH, RED, LEFT = Fact("place", "beach"), Fact("colour", "red"), Fact("position", "left")


def thing(category, *facts):
    return KnownObject(category, BOX, frozenset(facts))


PICTURES = [
    (thing("drum", BEACH, RED), thing("cat", BEACH)),
    (thing("drum", BEACH), thing("cat", BEACH, RED)),
    (thing("drum", RED), thing("drum", BEACH)),
    (thing("cat", BEACH, RED, LEFT),),
]


def query(image, category, *facts):
    return SuiteQuery(image, category, (BOX,), np.zeros((4, 4), np.uint8), "words", facts)


def test_all_facts_must_hold_of_one_object():
    oracle = Oracle(PICTURES)
    assert oracle.fitting("drum", [BEACH, RED]) == {0}  # in picture 2 each is true of another drum
    assert oracle.fitting("drum", []) == {0, 1, 2}
    assert oracle.fitting(None, [BEACH, RED]) == {0, 1, 3}
    assert oracle.fitting(None, []) == {0, 1, 2, 3}
    assert oracle.fitting("dog", []) == set()


def test_each_modality_knows_its_half():
    oracle, queries = Oracle(PICTURES), [query(0, "drum", BEACH, RED), query(3, "cat", RED)]
    assert oracle.tied(queries, "sketch+text").tolist() == [1, 2]
    assert oracle.tied(queries, "sketch").tolist() == [3, 3]
    assert oracle.tied(queries, "text").tolist() == [3, 4]


def test_the_target_counts_even_if_nothing_is_known_of_it():
    assert Oracle(PICTURES).tied([query(3, "drum", LEFT)], "sketch+text").tolist() == [1]


def test_pictures_that_are_as_right_are_no_rivals():
    several = replace(query(0, "drum"), also=frozenset({2}))
    assert Oracle(PICTURES).tied([several], "sketch").tolist() == [2]
    assert Oracle(PICTURES).figures([several], "sketch")["Prec@10"] == 75


def test_figures_are_expectations_and_the_reachable_precision():
    figures = Oracle(PICTURES).figures([query(0, "drum", BEACH, RED), query(3, "cat", RED)], "sketch")
    assert figures["R@1"] == pytest.approx(100 / 3) and figures["R@5"] == 100 and figures["MdR"] == 2
    assert figures["Prec@10"] == figures["Prec@100"] == 75  # three of the four there are
    assert "Prec@10" not in Oracle(PICTURES).figures([query(0, "drum", RED)], "text")
