"""An ablation: what a row changes, and what the table says of several seeds."""

import pytest

from stnet.evaluation.ablation import ROWS
from stnet.evaluation.ablation_table import markdown
from stnet.training.config import TrainConfig

WEIGHTS = dict.fromkeys(
    (
        "contrastive",
        "words",
        "sketch",
        "candidates",
        "classification",
        "attention",
        "focus",
        "box",
        "dense",
        "reconstruction",
    ),
    1.0,
)
BASE = TrainConfig("joint", "base", weights=WEIGHTS, hard_negatives=0.5)


def test_every_row_leaves_out_what_its_name_says(tmp_path):
    trained = {row.name: row.config(BASE, tmp_path, 3) for row in ROWS}
    left_out = {name: sorted(WEIGHTS.keys() - config.weights.keys()) for name, config in trained.items()}
    assert left_out == {
        "all": [],
        "without detection": ["attention", "box", "focus"],
        "without reconstruction": ["reconstruction"],
        "without classification": ["classification"],
        "contrastive alone": ["attention", "box", "classification", "dense", "focus", "reconstruction"],
        "sketch only": ["candidates", "contrastive", "words"],
        "words only": sorted(WEIGHTS.keys() - {"words", "dense"}),
        "without the candidate term": ["candidates"],
        "without the dense term": ["dense"],
        "without hard negatives": [],
    }
    assert [name for name, config in trained.items() if not config.hard_negatives] == [
        "without hard negatives"
    ]
    assert {config.seed for config in trained.values()} == {3}
    assert {row.name for row in ROWS if row.asked != "sketch+text"} == {"sketch only", "words only"}


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
        "candidates": dict.fromkeys(("sketch+text", "sketch", "text"), 90.0),
        "pool": "50",
    }


def test_the_table_shows_means_and_how_far_seeds_differ():
    found = [outcome("all", 0, 50.0), outcome("words only", 0, 20.0, "text"), outcome("all", 1, 56.0)]
    text = markdown(found, "python -m stnet.ablation")
    assert "| all | 2 | 5.3 | 53.0 | 4 | 53.0 | 53.0 | 60.0 | 90.0 |" in text
    assert "| words only | 1 | 2.0 | 20.0 | 4 | – | 20.0 | – | 90.0 |" in text
    assert "| chance |  | 2.5 | 25.0 | 20.5 | 25.0 | 25.0 | 15.0 | 100.0 |" in text
    assert "differs by up to 6.0 points" in text and "One seed" not in text
    with pytest.raises(ValueError, match="without a finished row"):
        markdown([], "")
