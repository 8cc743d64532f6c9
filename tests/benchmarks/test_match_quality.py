"""The benchmark of matches at toy size, and what it can't measure."""

import pytest

from benchmarks.match_quality import main


def test_both_tables_are_printed(tiny_checkpoint, capsys):
    main(["--suite", "shapes", "--checkpoint", str(tiny_checkpoint), "--images", "12"])
    printed = capsys.readouterr().out
    assert printed.startswith("**shapes**: 12 queries on 12 pictures (a PART of the suite: not comparable)")
    for row in ("| sketch |", "| text |", "| sketch+text |", "| like the object's box |", "| at random |"):
        assert printed.count(row) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--images", "0"], "--images must be 1 or more"), (["--bank", "absent"], "absent")],
)
def test_what_cannot_be_measured_is_said(tiny_checkpoint, capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        main(["--checkpoint", str(tiny_checkpoint), *arguments])
    assert ended.value.code == 2 and message in capsys.readouterr().err
