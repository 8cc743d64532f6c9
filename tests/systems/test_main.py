"""All systems side by side: the command, its JSON and its table."""

import json

import pytest

from stnet.evaluate import main as evaluate
from stnet.systems.__main__ import main
from stnet.systems.table import markdown


def test_side_by_side_is_each_alone(tmp_path, tiny_checkpoint, capsys):
    common = ["--suite", "shapes", "--checkpoint", str(tiny_checkpoint), "--images", "12", "--workers", "0"]
    out = tmp_path / "all.json"
    assert main([*common, "--systems", "stnet", "text-only", "average", "--json", str(out)]) == 0
    found = json.loads(out.read_text())
    assert (found["kind"], found["suite"]) == ("systems", "shapes")
    assert found["command"].startswith("python -m stnet.systems --suite shapes")
    assert list(found["systems"]) == ["stnet", "text-only", "average"]
    alone = tmp_path / "one.json"
    assert evaluate([*common, "--system", "average", "--json", str(alone)]) == 0
    one = json.loads(alone.read_text())
    assert found["systems"]["average"]["retrieval"] == one["retrieval"]
    assert found["checkpoint"] == one["checkpoint"]
    shown = capsys.readouterr().out
    assert markdown(found) in shown and "a PART of the suite" in shown


def test_the_table_has_a_line_for_each_system_and_kind_of_query():
    recall = {f"R@{k}": 10.0 * k for k in (1, 5, 10, 20, 50, 100)} | {"MdR": 4.5}
    measured = {
        "suite": "toy", "complete": True, "queries": 3, "images": 9, "chance": {"R@10": 11.1},
        "retrieval": {"sketch+text": recall, "sketch": recall},
        "sketch by category": {"mean of queries": {"mAP@100": 12.34, "Prec@100": 5.0}},
        "search": {"milliseconds": 0.5, "parameters": 1_500_000},
    }  # fmt: skip
    lines = markdown({"systems": {"one": measured}}).splitlines()
    assert lines[0] == "**toy**: 3 queries on 9 pictures, chance of R@10: 11.1"
    assert lines[-2].startswith("| one | sketch + words | 10.0 | 50.0 |") and lines[-2].endswith(
        "|  |  | 0.50 | 1.5 |"
    )
    assert lines[-1].startswith("|  | sketch | 10.0 |") and lines[-1].endswith("| 4.5 | 12.3 | 5.0 |  |  |")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--images", "0"], "--images must be 1 or more"), (["--checkpoint", "/nowhere"], "no checkpoint at")],
)
def test_what_is_missing_is_said(tiny_checkpoint, capsys, arguments, message):
    common = ["--suite", "shapes", "--checkpoint", str(tiny_checkpoint), "--systems", "stnet"]
    assert main([*common, *arguments]) == 2
    assert message in capsys.readouterr().err
