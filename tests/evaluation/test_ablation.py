"""An ablation: what a row changes, what is measured, and what the table says of several seeds."""

import json

import pytest

from stnet.evaluation.ablation import ROWS, Budget, Row, ablate, measure_row
from stnet.evaluation.ablation_table import markdown, spread
from stnet.evaluation.runner import measure
from stnet.systems.shared.learning import Schedule
from stnet.systems.shared.stage import SharedStage
from stnet.training.config import RunError, TrainConfig
from tests.systems.pools import random_suite

PAPER = ("contrastive", "classification", "attention", "focus", "box", "reconstruction")
WEIGHTS = dict.fromkeys((*PAPER, "words", "sketch", "candidates"), 1.0)


@pytest.fixture(scope="module")
def suite(shared_pool):
    return random_suite(shared_pool)


def test_every_row_changes_what_its_name_says():
    left_out = {row.name: sorted(WEIGHTS.keys() - row.weights(WEIGHTS).keys()) for row in ROWS}
    added = {row.name: sorted(row.weights(WEIGHTS).keys() - WEIGHTS.keys()) for row in ROWS}
    detection = ["attention", "box", "focus"]
    assert {name: losses for name, losses in left_out.items() if losses} == {
        "without classification": ["classification"],
        "without detection": detection,
        "without reconstruction": ["reconstruction"],
        "contrastive alone": sorted({*PAPER} - {"contrastive"}),
        "sketch only": ["candidates", "contrastive", "words"],
        "words only": sorted({*WEIGHTS} - {"words"}),
        "detection by IoU alone": detection,
        "reconstruction by convolutions": ["reconstruction"],
    }
    assert {name: losses for name, losses in added.items() if losses} == {
        "L_CLS on h_T, too": ["text_classification"],
        "detection by IoU alone": ["overlap"],
        "reconstruction by convolutions": ["redrawing"],
        "with the dense term": ["dense"],
    }
    assert [row.name for row in ROWS if row.form == "text"] == ["query: text"]
    assert [row.name for row in ROWS if row.label_smoothing] == ["label smoothing"]
    assert {row.name for row in ROWS if row.asked != "sketch+text"} == {"sketch only", "words only"}


def test_a_row_is_measured_as_the_evaluation_does(shared_pool, suite):
    stage = SharedStage(shared_pool, TrainConfig("joint", "unused", weights=WEIGHTS)).eval()
    encoded = suite.encoded(stage.model)
    found, expected = measure_row(stage, encoded), measure(stage.model, encoded)
    assert found["retrieval"] == expected["retrieval"]
    assert found["pointing"] == expected["localization"]["pointing game"]
    assert found["chance"] == expected["chance"]["R@10"]
    by_words = SharedStage(shared_pool, TrainConfig("joint", "unused", weights=WEIGHTS), "text").eval()
    assert measure_row(by_words, encoded)["retrieval"]["sketch"] != found["retrieval"]["sketch"]


def test_rows_are_trained_once_for_each_seed(shared_pool, suite, tmp_path, monkeypatch):
    budget, rows = Budget(WEIGHTS, Schedule()), (Row("all"), Row("query: text", form="text"))
    found = list(ablate(shared_pool, budget, rows, [0, 1], tmp_path, suite))
    assert [(one["row"], one["run"]["seed"]) for one in found] == [
        *(("all", 0), ("all", 1)),
        *(("query: text", 0), ("query: text", 1)),
    ]
    assert found[0]["retrieval"] != found[1]["retrieval"] and found[0]["run"]["steps"] == len(shared_pool)
    stored = json.loads((tmp_path / "seed-0/query--text/figures.json").read_text())
    assert stored == json.loads(json.dumps(found[2]))
    monkeypatch.setattr("stnet.evaluation.ablation.learn", lambda *_: pytest.fail("trained again"))
    assert next(ablate(shared_pool, budget, rows, [0, 1], tmp_path, suite)) == stored_again(found[0])
    with pytest.raises(RunError, match="of another configuration: delete its folder"):
        list(ablate(shared_pool, Budget(WEIGHTS, Schedule(passes=2)), rows, [0], tmp_path, suite))


def stored_again(figures):
    return json.loads(json.dumps(figures))


def outcome(row, seed, recall, asked="sketch+text"):
    run = {"seed": seed, "steps": 50, "batch_size": 8, "start": {"all": "there"}, "suite": "shapes"}
    retrieval = {"R@1": recall / 10, "R@10": recall, "MdR": 4.0}
    return {
        "run": run,
        "row": row,
        "asked": asked,
        "images": 40,
        "queries": 30,
        "retrieval": dict.fromkeys(("sketch+text", "sketch", "text"), retrieval),
        "pointing": 60.0,
        "chance pointing": 15.0,
    }


def test_the_table_shows_means_and_how_far_seeds_differ():
    found = [outcome("all", 0, 50.0), outcome("words only", 0, 20.0, "text"), outcome("all", 1, 56.0)]
    text = markdown(found, "python -m stnet.ablation")
    assert "| all | 5.3 | 53.0 | 50.0 / 56.0 |  | 4 | 53.0 | 53.0 | 60.0 |" in text
    assert "| words only | 2.0 | 20.0 | 20.0 | -33.0 | 4 | – | 20.0 | – |" in text
    assert "| chance | 2.5 | 25.0 |  |  | 20.5 | 25.0 | 25.0 | 15.0 |" in text
    assert "differs by up to 6.0 points" in text and "One seed" not in text and spread(found) == 6.0
    assert "One seed" in markdown(found[:2], "")
    with pytest.raises(ValueError, match="without a finished row"):
        markdown([], "")
