"""`make train-tiny`, a fifth as long: from nothing to a gallery that can be searched, far above chance."""

import json
import sys

import pytest

from scripts.train_tiny import command, main, run, table


def test_a_short_run_finds_far_more_than_chance(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    figures = run(share=0.2, images=150)
    chance = 100 * 10 / 150
    assert (figures["images"], figures["queries"]) == (150, 150)
    assert figures["retrieval"]["sketch+text"]["R@10"] > 1.5 * chance
    place = figures["localization"]
    assert place["pointing game"] > 2 * place["pointing game, chance by area"]
    assert figures == json.loads((tmp_path / "runs/tiny/figures.json").read_text())
    printed = capsys.readouterr().out
    assert "| chance | 0.7 | 6.7 | 75.5 |" in printed and "python -m stnet.search --sketch" in printed
    answer = printed.split("+ python -m stnet.search")[1].splitlines()
    assert sum(line.endswith(".webp") for line in answer) == 5


def test_the_table_puts_chance_beside_what_was_found():
    place = {
        "pointing game": 71.33,
        "pointing game, chance by area": 14.8,
        "pointing game, chance by object": 48.4,
    }
    row = {"R@1": 1.0, "R@10": 25.0, "MdR": 7.0}
    text = table({"images": 40, "queries": 8, "retrieval": {"sketch": row}, "localization": place})
    assert "| sketch | 1.0 | 25.0 | 7 |\n| chance | 2.5 | 25.0 | 20.5 |" in text
    assert "in 71.3 % (chance by area 14.8 %, any object at random 48.4 %)" in text


def test_a_step_that_fails_ends_the_run(tmp_path, capsys):
    nowhere = ("--bank", tmp_path / "nowhere", "--out", tmp_path / "out")
    before = sys.argv
    with pytest.raises(SystemExit) as stop:
        command("stnet.data.suites", *nowhere)
    assert stop.value.code == 2 and sys.argv is before
    printed = capsys.readouterr()
    assert f"+ python -m stnet.data.suites --bank {tmp_path}/nowhere --out" in printed.out
    assert printed.err.startswith("error: no object bank in")


@pytest.mark.parametrize("wrong", [["--share", "0"], ["--share", "1.5"], ["--images", "301"]])
def test_lengths_and_sizes_have_limits(wrong, capsys):
    with pytest.raises(SystemExit) as stop:
        main(wrong)
    assert stop.value.code == 2 and "--share must be above 0" in capsys.readouterr().err
