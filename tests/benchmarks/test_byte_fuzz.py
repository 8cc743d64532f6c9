"""A seeded sample of the trials; `python -m benchmarks.byte_fuzz` makes as many as one likes."""

import os
import shutil
import signal
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks.byte_fuzz import (
    ALLOWED,
    CRASH,
    DAMAGES,
    ERROR,
    OTHER,
    SAME,
    TRACEBACK,
    Fuzz,
    Trial,
    outcome,
    trials,
)
from stnet.fingerprint import seal_checkpoint
from stnet.gallery.manifest import DATA_FILES
from tests.galleries import make_gallery


@pytest.fixture(scope="module")
def fuzz(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Fuzz:
    folder = tmp_path_factory.mktemp("fuzz")
    checkpoint = Path(shutil.copytree(tiny_checkpoint, folder / "checkpoint"))
    seal_checkpoint(checkpoint)
    return Fuzz(checkpoint, make_gallery(folder, checkpoint, count=6))


def test_a_damaged_gallery_is_an_error_or_answers_the_same(
    fuzz: Fuzz, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = make_gallery(tmp_path / "other", tiny_checkpoint, count=5)
    found: Counter[tuple[str, str]] = Counter()
    for trial in trials(fuzz.gallery, tmp_path, 24, seed=1, other=other):
        found[trial.file, fuzz.on_gallery(trial.folder)] += 1
    assert {outcome for _, outcome in found} <= ALLOWED
    assert {file for file, outcome in found if outcome == ERROR} >= set(DATA_FILES)


def test_a_damaged_checkpoint_is_an_error_or_answers_the_same(fuzz: Fuzz, tmp_path: Path) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for trial in trials(fuzz.checkpoint, tmp_path, 16, seed=2):
        found[trial.file, fuzz.on_checkpoint(trial.folder)] += 1
    assert {outcome for _, outcome in found} <= ALLOWED
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= {file for file, _ in found}


def test_the_whole_gallery_and_checkpoint_answer_the_same(fuzz: Fuzz) -> None:
    assert fuzz.on_gallery(fuzz.gallery) == SAME
    assert fuzz.on_checkpoint(fuzz.checkpoint) == SAME


def test_every_outcome_is_told_apart() -> None:
    def fail(error: Exception) -> object:
        raise error

    assert outcome(lambda: 1, 1) == SAME
    assert outcome(lambda: 2, 1) == OTHER
    assert outcome(lambda: fail(OSError()), 1) == ERROR
    assert outcome(lambda: fail(RuntimeError()), 1) == TRACEBACK
    assert outcome(lambda: os.kill(os.getpid(), signal.SIGKILL), 1) == CRASH


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_done(damage: object) -> None:
    content = bytes(Random(3).randbytes(50_000))
    for seed in range(5):
        assert damage(bytearray(content), Random(seed)) != content  # type: ignore[operator]


def test_a_copy_is_whole_again_after_each_trial(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    for name in ("a", "b"):
        (whole / name).write_bytes(bytes(range(1, 100)))
    seen: list[Trial] = []
    for trial in trials(whole, tmp_path, 8, seed=0):
        changed = [
            path.name
            for path in trial.folder.iterdir()
            if path.read_bytes() != (whole / path.name).read_bytes()
        ]
        assert set(changed) <= {trial.file}
        seen.append(trial)
    assert len({(trial.file, trial.damage) for trial in seen}) == 8
    assert not (tmp_path / "damaged").exists()
