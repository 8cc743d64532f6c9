"""The benchmark of matches at toy size, and what it can't measure."""

import json

import pytest

from benchmarks.match_quality import main
from benchmarks.results_page import match_tables


def test_both_tables_are_printed(tiny_checkpoint, capsys, tmp_path):
    asked = ["--suite", "shapes", "--checkpoint", str(tiny_checkpoint), "--images", "12"]
    main([*asked, "--json", str(tmp_path / "found.json")])
    printed = capsys.readouterr().out
    assert match_tables(json.loads((tmp_path / "found.json").read_text())) + "\n" == printed
    assert printed.startswith("**shapes**: 12 queries on 12 pictures (a PART of the suite: not comparable)")
    rows = (
        "| sketch |",
        "| text |",
        "| sketch+text |",
        "| a name | with names |",
        "| like the object's box |",
    )
    for row in (*rows, "| like the object's box |", "| at random |"):
        assert printed.count(row) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--images", "0"], "--images must be 1 or more"), (["--bank", "absent"], "absent")],
)
def test_what_cannot_be_measured_is_said(tiny_checkpoint, capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        main(["--checkpoint", str(tiny_checkpoint), *arguments])
    assert ended.value.code == 2 and message in capsys.readouterr().err
