"""Both uses on a suite by hand: what is asked, what is right, ranks and chance against plain counts."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from stnet.data.scenes.facts import Fact
from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.metrics import target_ranks
from stnet.evaluation.suites.base import KnownObject, SuiteQuery
from stnet.systems.measuring import Seen
from stnet.systems.using import chance, measure_uses, other_words, ranks_among, which_one
from tests.evaluation.toys import ink

WHERE = [("beach", "day"), ("forest", "day"), ("beach", "night"), ("desert", "dusk")]


def known(category, place, light):
    return KnownObject(category, (0, 0, 1, 1), frozenset({Fact("place", place), Fact("light", light)}))


@pytest.fixture
def asked():
    """Cats on four pictures, a lone dog on the fifth; each is asked for."""
    objects = [(known("cat", *where),) for where in WHERE] + [(known("dog", "forest", "night"),)]
    queries = [
        SuiteQuery(row, things[0].category, (), ink(row), "as it is", groups=(f"{by} sketches",))
        for row, (things, by) in enumerate(zip(objects, ["traced", "human"] * 2 + ["human"], strict=True))
    ]
    return AskedSuite("toy", True, objects, queries)


def test_which_one_is_asked_where_there_are_several(asked):
    task = which_one(asked)
    assert task.rows.tolist() == [0, 1, 2, 3] and len(task.asked.queries) == 4
    assert task.among.tolist() == [[True] * 4 + [False]] * 4
    assert (task.right == np.eye(4, 5, dtype=bool)).all()
    assert task.groups["traced sketches"].tolist() == [True, False, True, False]
    also = replace(asked.queries[0], also=frozenset({1, 2, 3}))
    assert which_one(replace(asked, queries=[also])).rows.tolist() == []  # all that show it are right


def test_other_words_ask_for_what_is_true_elsewhere(asked):
    task = other_words(asked)
    assert task.rows.tolist() == [0, 1, 2, 3]  # there is no other dog
    facts = [query.facts[0] for query in task.asked.queries]
    assert [fact.kind for fact in facts] == ["light", "place", "light", "place"]
    for query, fact, right in zip(task.asked.queries, facts, task.right, strict=True):
        place, light = WHERE[query.image]
        assert fact.value not in (place, light)
        wanted = [row for row, where in enumerate(WHERE) if fact.value in where]
        assert np.flatnonzero(right).tolist() == wanted and not right[query.image]
    assert task.asked.queries[0].text == "at dusk" and task.asked.queries[1].text == "on the beach"
    assert task.groups["place"].tolist() == [False, True, False, True]
    assert (task.among == [True] * 4 + [False]).all()


def test_pictures_of_which_nothing_is_known_have_no_other_words(asked):
    unknown = [(KnownObject("cat", (0, 0, 1, 1)),)] * 5
    with pytest.raises(ValueError, match="of toy's pictures no light or place is known"):
        other_words(replace(asked, objects=unknown))


def test_ranks_count_pictures_of_the_thing_alone():
    random = np.random.default_rng(0)
    scores, right = random.integers(0, 4, (6, 9)).astype(float), random.random((6, 9)) < 0.2
    right[:, 0] = True
    among = right | (random.random((6, 9)) < 0.5)
    found = ranks_among(scores, right, among)
    for row in range(6):
        best = max(scores[row, n] for n in range(9) if right[row, n])
        better = sum(scores[row, n] >= best and among[row, n] and not right[row, n] for n in range(9))
        assert found[row] == 1 + better
    everywhere = ranks_among(scores, right, np.ones_like(among))
    assert (everywhere == target_ranks(scores, right)).all()


class Pointing:
    """Scores what it is told: by drawings picture 0, by words the pictures in order."""

    asks = ("sketch+text", "sketch")

    def queries(self, sketches, texts):
        return {"query": torch.zeros(len(sketches)) if texts is None else torch.ones(len(sketches))}

    def index(self, stored):
        return stored

    def scores(self, queries, index):
        first = -torch.arange(len(index)).float()
        return torch.where(queries["query"][:, None] > 0, -first, first)


def test_both_uses_of_a_system(asked):
    seen = Seen(torch.zeros(5, 2), torch.zeros(5, 3))
    found = measure_uses(Pointing(), asked, seen)
    assert list(found) == ["sketch+text", "sketch"]
    drawn, said = found["sketch"]["which one"], found["sketch+text"]["which one"]
    assert drawn["all"]["queries"] == 4 and drawn["traced sketches"]["queries"] == 2
    assert drawn["all"]["among"] == {"R@1": 25.0, "R@5": 100.0, "MdR": 2.5}
    assert drawn["human sketches"]["among"]["R@1"] == 0.0  # they ask for pictures 1 and 3
    assert said["human sketches"]["among"]["R@1"] == 50.0  # backwards, among cats, 3 comes first
    assert drawn["all"]["gallery"]["R@10"] == 100.0
    other = found["sketch"]["other words"]
    assert {name: group["queries"] for name, group in other.items()} == {"all": 4, "light": 2, "place": 2}


def test_chance_is_counted(asked):
    one = chance(which_one(asked))
    assert one["all"]["pictures"] == 4.0 and one["all"]["among"] == {"R@1": 25.0, "R@5": 100.0}
    assert one["all"]["gallery"]["R@10"] == 100.0
    task = other_words(asked)
    shares = [right.sum() / 4 for right in task.right]
    assert chance(task)["all"]["among"]["R@1"] == pytest.approx(100 * np.mean(shares))
    assert chance(task)["place"]["among"]["R@1"] == pytest.approx(100 * np.mean([shares[1], shares[3]]))
