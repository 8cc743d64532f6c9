"""What the benchmark of pages makes of its visits."""

import pytest
from PIL import Image, ImageDraw

from benchmarks.page_speed import figures_of, main
from benchmarks.page_speed_table import markdown
from benchmarks.page_visit import Visit, is_inked


def shot(*line: int) -> Image.Image:
    paper = Image.new("RGB", (60, 8), "white")
    ImageDraw.Draw(paper).line(line, fill="black", width=2)
    return paper


def test_ink_is_a_line_through_the_whole_picture():
    assert is_inked(shot(0, 4, 60, 4))
    assert not is_inked(shot(0, 4, 30, 4))
    assert not is_inked(Image.new("RGB", (60, 8), "white"))


def test_the_table_has_medians_and_the_ratio_of_them():
    ours = [Visit(pen, 15, 0, 10_000, 80_000, 500) for pen in (900, 1000, 5000)]
    plain = [Visit(pen, 24, 9, 160_000, 40_000, 2000) for pen in (100, 4000, 4001)]
    lines = markdown(figures_of({"ours": ours, "plain": plain})).splitlines()
    assert lines[0] == "| median of 3 visits | ours | plain Gradio | ours / plain |"
    assert lines[2] == "| from navigation to a pen that draws, ms | 1,000 | 4,000 | 0.25 |"
    assert lines[5:] == [
        "| one search: upload POSTs | 0 | 9 | 0.00 |",
        "| one search: kB up | 10 | 160 | 0.06 |",
        "| one search: kB down | 80 | 40 | 2.00 |",
    ]


def test_no_visits_are_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--visits", "0"])
    assert ended.value.code == 2 and "must be positive" in capsys.readouterr().err
