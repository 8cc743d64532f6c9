import json

import pytest

from stnet.systems.measurement_command import (
    add_trained_arguments,
    measure_and_say,
    measurement_parser,
    read_options,
)


def options(*extra):
    parser = measurement_parser("stnet.made.up", "What it does.", ["stnet", "average"])
    add_trained_arguments(parser)
    return read_options(parser, ["--suite", "scenes-1k", *extra])


def test_the_line_itself_is_kept_for_the_figures():
    plain = options()
    assert plain.command == "python -m stnet.made.up --suite scenes-1k"
    assert (plain.systems, plain.seeds, plain.workers) == (["stnet", "average"], [0, 1], 2)
    chosen = options("--systems", "average", "--seeds", "3")
    assert (chosen.systems, chosen.seeds) == (["average"], [3])
    with pytest.raises(SystemExit):
        options("--systems", "concat")


def test_figures_are_written_and_said(tmp_path, capsys):
    path = tmp_path / "figures.json"
    asked = options("--json", str(path))
    assert (
        measure_and_say(asked, lambda given: {"suite": given.suite}, lambda found: f"of {found['suite']}")
        == 0
    )
    assert json.loads(path.read_text()) == {"suite": "scenes-1k"}
    assert capsys.readouterr().out == "of scenes-1k\n"


def test_what_is_missing_or_makes_no_sense_is_one_line(capsys):
    def missing(_):
        raise ValueError("no trained STNET")

    assert measure_and_say(options(), missing, str) == 2
    assert capsys.readouterr().err == "error: no trained STNET\n"
    assert measure_and_say(options("--images", "0"), lambda _: {}, str) == 2
    assert "--images must be 1 or more, got 0" in capsys.readouterr().err
