"""A whole run on two processes against the same run on one: the same losses, the same weights."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stnet.data.drawings.drawings import Sketcher
from stnet.training.batches.queries import QuerySource
from stnet.training.config import RunError
from tests.training.shapes import example_source, run_config
from tests.training.shared_batches import PICTURES, WEIGHTS, rows_of, share_of, tiny_clip, trainer, written

REPOSITORY = Path(__file__).parents[2]
STEPS = 4


def uneven_batches():
    """Batches of which the second half of the pictures has fewer queries than the first, some wordless.

    A process knows of its own pictures alone which others answer a query: none in the other half does here.
    """
    config = run_config("unused", batch_size=PICTURES)
    source = QuerySource(example_source(), Sketcher(None), None, tiny_clip()[1], config)
    batches = []
    for number in range(STEPS):
        batch = source.make(np.random.default_rng(number))
        kept = torch.ones(len(batch.query_image), dtype=torch.bool)
        kept[-1] = False
        half = torch.arange(PICTURES) >= PICTURES // 2
        same_half = half[batch.query_image][:, None] == half
        batch = replace(batch, answers=batch.answers & same_half, described=batch.described & same_half)
        batch = rows_of(batch, kept)
        batch.has_text[0] = False
        batches.append(batch)
    return batches


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where both runs have been: "one" and "two"."""
    folder = tmp_path_factory.mktemp("runs")
    written(uneven_batches(), folder / "batches.pt")
    program = [Path(__file__).with_name("shared_batches.py"), folder, str(STEPS)]
    subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", *program],
        check=True,
        env={"PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
        timeout=300,
    )
    trainer(folder / "one", STEPS).run()
    return folder


def rows(folder):
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_the_shares_are_uneven():
    for batch in uneven_batches():
        first, second = (len(share_of(batch, process, 2).query_image) for process in (0, 1))
        assert first + second == len(batch.query_image) and second > 0
    assert any(
        len(share_of(batch, 0, 2).query_image) != len(share_of(batch, 1, 2).query_image)
        for batch in uneven_batches()
    )


def test_the_losses_are_those_of_one_process(folder):
    pairs = list(zip(rows(folder / "one"), rows(folder / "two"), strict=True))
    assert [(one["step"], two["step"]) for one, two in pairs] == [
        (step, step) for step in range(1, STEPS + 1)
    ]
    for one, two in pairs:
        assert all(one[name] == two[name] for name in ("step", "images", "learning_rate"))
        for name in ("loss", "gradient_norm", *WEIGHTS):
            assert two[name] == pytest.approx(one[name], rel=1e-3), (name, one["step"])


def test_the_weights_are_those_of_one_process(folder):
    states = [torch.load(folder / name / "resume.pt", weights_only=True)["stage"] for name in ("one", "two")]
    start = tiny_clip()[0].state_dict()
    for name, value in states[0].items():
        if "k_proj.bias" in name:
            continue  # softmax ignores it: its gradient is rounding, which Adam makes as large as any other
        torch.testing.assert_close(states[1][name], value, rtol=0, atol=3e-4, msg=name)
    moved = states[0]["model.sketch_projection.weight"] - start["sketch_projection.weight"]
    assert moved.abs().max() > 3e-3


def test_one_process_does_not_go_on_with_a_run_of_two(folder):
    with pytest.raises(RunError, match="processes 2, batch_size 2, this run has processes 1, batch_size 4"):
        trainer(folder / "two", STEPS + 1)


def test_processes_that_cannot_see_the_run_are_not_left_to_train_something_else(folder):
    for rank in (0, 1):
        reason = (folder / f"refused-{rank}").read_text()
        assert f"different steps ([{STEPS}, 0])" in reason and "a disk that all machines share" in reason
