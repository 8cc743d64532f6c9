"""The picture of a run's log: a panel for every loss, its curve where the values are."""

import json

import numpy as np
import pytest

from stnet.training.plots.__main__ import main
from stnet.training.plots.drawing import BOTTOM, CURVE, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw, read_log

BLUE = tuple(bytes.fromhex(CURVE[1:]))


def rows(**values):
    count = len(next(iter(values.values())))
    return [
        {"step": 10 * (i + 1), "minutes": i, "progress": 0.1, "images": 5}
        | {name: series[i] for name, series in values.items()}
        for i in range(count)
    ]


def curve_of(picture, column=0, line=0):
    """Where the curve of a panel is, in pixels from the panel's corner: x, y."""
    area = (column * WIDTH, line * HEIGHT, (column + 1) * WIDTH, (line + 1) * HEIGHT)
    y, x = np.nonzero((np.asarray(picture.crop(area)) == BLUE).all(-1))
    return x, y


def test_every_loss_and_the_rate_have_a_panel():
    picture = draw(rows(loss=[3.0, 2.0], box=[1.0, 0.5], dense=[2, 1], first=[0, 1], learning_rate=[1e-3, 0]))
    assert picture.size == (4 * WIDTH, 2 * HEIGHT)
    assert all(len(curve_of(picture, number % 4, number // 4)[0]) for number in range(5))
    assert not len(curve_of(picture, 1, 1)[0])  # steps, minutes and images are no curves


def test_the_curve_falls_from_the_first_value_to_the_last():
    x, y = curve_of(draw(rows(loss=[4.0, 3.0, 2.0, 0.0])))
    assert abs(x.min() - LEFT) <= 2 and abs(x.max() - (WIDTH - RIGHT)) <= 4
    assert abs(y[x == x.min()].mean() - TOP) <= 3 and abs(y.max() - (HEIGHT - BOTTOM)) <= 4
    middle = (LEFT + WIDTH - RIGHT) // 2  # half way the loss is 2.5 of 4
    assert abs(y[x == middle].mean() - (TOP + (4 - 2.5) / 4 * (HEIGHT - BOTTOM - TOP))) <= 3


@pytest.mark.parametrize("values", [[5.0, 5.0, 5.0], [0.0, 0.0], [2.0]])
def test_a_flat_curve_and_a_single_point_are_seen(values):
    x, y = curve_of(draw(rows(loss=values)))
    assert len(x) and abs(y.mean() - (TOP + HEIGHT - BOTTOM) / 2) <= 2


def test_what_was_not_measured_leaves_a_gap_or_says_so():
    picture = draw(rows(loss=[2.0, None, 1.0], teacher=[None] * 3))
    assert len(curve_of(picture)[0]) and not len(curve_of(picture, 1)[0])
    assert (np.asarray(picture)[TOP:, WIDTH:] < 200).any()  # the words "never measured"


def test_steps_done_twice_are_drawn_once(tmp_path):
    log = [
        {"step": 1, "loss": 9.0},
        {"step": 2, "loss": 8.0},
        {"step": 3, "loss": 7.0},
        {"step": 2, "loss": 1.0},
    ]
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in log))
    assert [(row["step"], row["loss"]) for row in read_log(tmp_path / "log.jsonl")] == [
        (1, 9),
        (2, 1),
        (3, 7),
    ]


def test_from_the_command_line(tmp_path, capsys):
    (tmp_path / "log.jsonl").write_text('{"step": 1, "loss": 9.0}\n')
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "losses.png")
    assert (tmp_path / "losses.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("text", [None, "", "step 1", "[1, 2]", '{"loss": 1}', '"words"'])
def test_what_is_no_log_is_said_in_a_line(tmp_path, capsys, text):
    if text is not None:
        (tmp_path / "log.jsonl").write_text(text)
    assert main([str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ") and "log.jsonl" in error and "Traceback" not in error
