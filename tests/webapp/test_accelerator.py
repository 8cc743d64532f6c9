"""On ZeroGPU, what needs the GPU runs in another process: the answers are the same, and nothing is lost."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stnet.search.calibration import QUERY_MODES, REFERENCE
from tests.galleries import make_gallery
from tests.webapp.zerogpu import answers, spaces_of
from webapp import accelerator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> Path:
    return make_gallery(tmp_path_factory.mktemp("zerogpu"), tiny_checkpoint)


def alike(found: Any, expected: Any) -> bool:
    """Equal, numbers nearly so: a process that was forked adds them up with other threads."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(alike(found[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(alike, found, expected))
    if isinstance(expected, float):
        return math.isclose(found, expected, abs_tol=1e-3)
    return bool(found == expected)


def test_a_space_answers_as_any_machine_and_keeps_what_it_measured(
    tiny_checkpoint: Path, gallery: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    paths = [str(spaces_of(tmp_path / "spaces")), str(ROOT)]
    run = subprocess.run(
        [sys.executable, "-m", "tests.webapp.zerogpu", str(tiny_checkpoint), str(gallery), str(log)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "STNET_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    expected: dict[str, Any] = json.loads(json.dumps(answers(tiny_checkpoint, gallery, tmp_path / "here")))
    assert found["refusal"] == expected["refusal"] != ""
    assert alike(found, expected), (found, expected)
    # the demo gallery once for each mode, the photos once for the one mode that was asked twice
    assert log.read_text().count("m") == (len(QUERY_MODES) + 1) * REFERENCE
    assert log.read_text().count("e") == 1


@pytest.mark.parametrize("error", [ValueError("no such picture"), OSError(28, "the disk is full")])
def test_a_refusal_comes_back_as_it_was_raised(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    class Spaces:
        """ZeroGPU tells of no error what it says."""

        @staticmethod
        def GPU(duration: int) -> Any:  # noqa: N802
            def decorate(task: Any) -> Any:
                def lent(*args: Any) -> Any:
                    try:
                        return task(*args)
                    except Exception:
                        raise RuntimeError("ZeroGPU worker error") from None

                return lent

            return decorate

    def fail(raised: Exception) -> None:
        raise raised

    monkeypatch.setattr(accelerator, "spaces", Spaces)
    with pytest.raises(type(error), match=str(error.args[-1])):
        accelerator.on_accelerator(fail)(error)
    with pytest.raises(RuntimeError, match="worker error"):
        accelerator.on_accelerator(fail)(KeyError("a fault"))


def test_without_spaces_a_function_is_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accelerator, "spaces", None)
    assert accelerator.on_accelerator(answers) is answers
