"""The benchmark of "not this" at toy size, and what it can't measure."""

import json

import pytest

from benchmarks.exclusion import main
from benchmarks.results_page import exclusion_table


def test_the_table_is_printed(tiny_checkpoint, capsys, tmp_path):
    asked = [
        "--suite",
        "shapes",
        "--checkpoint",
        str(tiny_checkpoint),
        "--images",
        "12",
        "--weights",
        "0.2",
        "1",
    ]
    main([*asked, "--json", str(tmp_path / "found.json")])
    printed = capsys.readouterr().out
    assert exclusion_table(json.loads((tmp_path / "found.json").read_text())) + "\n" == printed
    assert printed.startswith("**shapes**: ") and "a PART of the suite" in printed
    assert [line.split()[1] for line in printed.splitlines()[-3:]] == ["0", "0.2", "1"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--images", "0"], "--images must be 1 or more"), (["--bank", "absent"], "absent")],
)
def test_what_cannot_be_measured_is_said(tiny_checkpoint, capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        main(["--checkpoint", str(tiny_checkpoint), *arguments])
    assert ended.value.code == 2 and message in capsys.readouterr().err
