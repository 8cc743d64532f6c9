"""The benchmark of several things says what it can't measure; its figures are tested in tests/evaluation."""

import pytest

from benchmarks.results_page import several_table
from benchmarks.several_things import main


@pytest.mark.parametrize(
    ("arguments", "message"),
    [([], "--drawings data/sketches"), (["--drawings", "absent"], "absent")],
)
def test_what_cannot_be_measured_is_said(tiny_checkpoint, capsys, arguments, message):
    asked = ["--suite", "shapes", "--images", "4", "--checkpoint", str(tiny_checkpoint)]
    with pytest.raises(SystemExit) as ended:
        main([*asked, *arguments])
    assert ended.value.code == 2 and message in capsys.readouterr().err


def test_the_table_says_what_was_asked():
    ways = {"apart": {f"R@{k}": 10.0 * k**0.5 for k in (1, 5, 10, 50)} | {"MdR": 3.5}}
    table = several_table({"suite": "toy", "complete": False, "papers": 7, "images": 9, "ways": ways})
    assert table.startswith("**toy**: 7 papers, 9 pictures (a PART of the suite: not comparable)")
    assert table.splitlines()[-1] == "| apart | 10.0 | 22.4 | 31.6 | 70.7 | 3.5 |"
