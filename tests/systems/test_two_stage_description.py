"""Two stages with a description: the words that are searched, and names that nobody described."""

import pytest
import torch

from stnet.systems.descriptions import descriptions
from stnet.systems.text_only import TextOnly
from stnet.systems.two_stage import TwoStage
from stnet.systems.two_stage_description import TwoStageDescription
from tests.systems.toys import loaded_model

WORDS = ["a red one on the beach", "behind the drum", "at night"]


@pytest.fixture(scope="module")
def loaded():
    return loaded_model(drawn_names=["circle", "nameless thing", "star"])


@pytest.fixture(scope="module")
def sketches():
    return torch.randn(3, 16, generator=torch.Generator().manual_seed(2))


def test_the_description_stands_in_the_name_s_place(loaded, sketches):
    system = TwoStageDescription.build(loaded, {})
    whole = [
        f"{descriptions()[name]} {words}" for name, words in zip(system.names(sketches), WORDS, strict=True)
    ]
    expected = TextOnly(*loaded[:2]).queries(None, whole)["query"]
    torch.testing.assert_close(system.queries(sketches, WORDS)["query"], expected)
    oracle = system.queries_named(["star"], None)["query"]
    torch.testing.assert_close(
        oracle, TextOnly(*loaded[:2]).queries(None, ["a shape with five points"])["query"]
    )


def test_the_likeliest_name_that_is_described_is_taken(loaded, sketches):
    system = TwoStageDescription.build(loaded, {})
    likely = loaded.model.name_sketch(sketches)[:, [0, 2]].argmax(1).tolist()
    assert system.names(sketches) == [("circle", "star")[number] for number in likely]
    with torch.no_grad():
        loaded.model.naming_head.bias[1] = 1000.0
    assert TwoStage.build(loaded, {}).names(sketches) == ["nameless thing"] * 3
    assert set(system.names(sketches)) <= {"circle", "star"}


def test_what_nobody_described_is_refused(loaded):
    with pytest.raises(ValueError, match="none of the names that the checkpoint toy knows is described"):
        TwoStageDescription.build(loaded_model(drawn_names=["nameless thing"]), {})
    with pytest.raises(ValueError, match="can't name drawings"):
        TwoStageDescription.build(loaded_model(drawn_names=[]), {})
    with pytest.raises(ValueError, match="'nameless thing' has no description"):
        TwoStageDescription.build(loaded, {}).phrase("nameless thing")
