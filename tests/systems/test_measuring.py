"""Measuring systems: STNET under the interface ranks as its own measurement does; each suite is made once."""

import numpy as np
import pytest
import torch

from stnet.evaluation.runner import evaluate
from stnet.systems.interface import System
from stnet.systems.measuring import all_scores, ask, measure_system, modalities, see
from stnet.systems.registry import build_system
from tests.evaluation.toys import ToySuite
from tests.systems.toys import loaded_model

OVER_TOWERS = ["stnet", "text-only", "sketch-only", "average", "two-stage"]


@pytest.fixture(scope="module")
def loaded():
    return loaded_model()


@pytest.fixture(scope="module")
def measured(loaded):
    systems = {name: build_system(name, loaded) for name in OVER_TOWERS}
    suite = ToySuite()
    asked, seen = see(list(systems.values()), suite)
    assert suite.entries_made == len(suite) and len(seen) == 1  # one encoder serves all of them
    return {name: measure_system(system, asked, seen[system.encoder]) for name, system in systems.items()}


def test_stnet_under_the_interface_is_stnet(loaded, measured):
    expected = evaluate(loaded.model, loaded.processor, ToySuite())
    shared = {name: value for name, value in measured["stnet"].items() if name != "search"}
    assert {"retrieval", "oracle", "groups", "sketch by category", "gain"} <= shared.keys()
    assert shared == {name: expected[name] for name in shared}


def test_one_half_dropped_is_stnet_asked_by_the_other(measured):
    whole = measured["stnet"]
    for name, modality in (("text-only", "text"), ("sketch-only", "sketch")):
        assert list(measured[name]["retrieval"]) == [modality]
        assert measured[name]["retrieval"][modality] == whole["retrieval"][modality]
        assert measured[name]["search"]["parameters"] < whole["search"]["parameters"]
    assert measured["text-only"]["sketch by category"] is None


def test_time_and_size_are_said(measured):
    for figures in measured.values():
        assert figures["search"]["milliseconds"] > 0
        assert figures["search"]["features"] == 16 * 16  # P x D


def test_what_a_suite_lacks_is_not_asked(loaded):
    stnet, words = build_system("stnet", loaded), build_system("text-only", loaded)
    asked, seen = see([stnet, words], ToySuite(words=False))
    assert modalities(stnet, asked) == ["sketch"]
    assert all_scores(stnet, asked, seen[stnet.encoder]).shape == (8, 12)
    with pytest.raises(ValueError, match="no queries that the system answers: text"):
        measure_system(words, asked, seen[words.encoder])
    assert modalities(words, asked) == []


def test_nothing_to_ask_and_two_checkpoints_are_refused(loaded):
    stnet = build_system("stnet", loaded)
    with pytest.raises(ValueError, match="has no query"):
        see([stnet], ToySuite(queries=0))
    with pytest.raises(ValueError, match="need one checkpoint; got 2"):
        see([stnet, build_system("stnet", loaded_model())], ToySuite())


class Backwards(System):
    """Scores pictures by their number, whatever is asked."""

    asks = ("text",)
    parameters = 3

    def __init__(self, processor):
        self.processor, self.encoder = processor, Numbers()

    @classmethod
    def build(cls, loaded, options):
        return cls(loaded.processor)

    def queries(self, sketches, texts):
        assert sketches is None and len(texts) == 8
        return {"none": torch.zeros(len(texts))}

    def scores(self, queries, index):
        return -torch.arange(len(index)).float().expand(len(queries["none"]), -1)


class Numbers:
    """Sees nothing."""

    def pictures(self, values):
        return torch.zeros(len(values), 2)

    def sketches(self, values):
        return torch.zeros(len(values), 2)


def test_any_system_is_measured_by_its_scores(loaded):
    system = Backwards.build(loaded, {})
    asked, seen = see([system], ToySuite())
    figures = measure_system(system, asked, seen[system.encoder])
    assert (
        figures["retrieval"]["text"]["MdR"] == 4.5
    )  # query i asks for picture i, which comes at place i + 1
    assert figures["search"]["parameters"] == 3 and figures["search"]["features"] == 2
    assert "gain" not in figures
    assert (all_scores(system, asked, seen[system.encoder]).argmax(1) == np.zeros(8)).all()
    assert ask(system, asked, seen[system.encoder], "text")["none"].shape == (8,)
