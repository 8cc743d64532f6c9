"""The command line that several benchmarks share: its file, its table, and what it says is missing."""

import json

import pytest

from benchmarks.suite_command import run, suite_parser


def test_the_figures_are_written_and_the_table_printed(tmp_path, capsys):
    file = tmp_path / "found.json"
    parser = suite_parser("toy", "A toy.")
    run(parser, ["--json", str(file)], lambda options: {"suite": options.suite}, lambda found: found["suite"])
    assert json.loads(file.read_text()) == {"suite": "scenes-1k"}
    assert capsys.readouterr().out == "scenes-1k\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--images", "0"], "--images must be 1 or more, got 0"), ([], "nothing to measure")],
)
def test_what_is_missing_is_a_line_and_code_2(arguments, message, capsys):
    def measure(options):
        raise ValueError("nothing to measure")

    with pytest.raises(SystemExit) as ended:
        run(suite_parser("toy", None), arguments, measure, str)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
