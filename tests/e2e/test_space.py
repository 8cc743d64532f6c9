"""The demo as a Space has it: the files that are pushed, in a folder that can't be written, and no home."""

import ctypes
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stnet.hub.pushing import space_files
from tests.e2e.plain_http import ask, call_search

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds; a machine that does nothing else needs a thirtieth of them
DROP_CAPABILITY, WRITE_ANYWHERE = 24, 1  # of Linux' prctl: what lets root ignore a folder's mode


def obey_modes() -> None:
    """Let the next program write only where the modes allow it, root's too."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(DROP_CAPABILITY, WRITE_ANYWHERE, 0, 0, 0)


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """What push-space uploads, read-only."""
    root = tmp_path / "space"
    for name in space_files(ROOT):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, root / name)
    folders = [root, *(path for path in root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield root
    for folder in folders:
        folder.chmod(0o755)


def answers(port: int) -> bool:
    try:
        return ask(f"http://127.0.0.1:{port}", "/config").status == 200
    except ConnectionError:
        return False


@contextmanager
def running(tree: Path, port: int, temporary: Path, **places: str) -> Iterator[str]:
    """The address of app.py, started as Spaces start it, with what its settings may name."""
    temporary.mkdir()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "OMP_NUM_THREADS")}
    environment = (
        kept
        | places
        | {
            "HOME": str(temporary / "no-home"),
            "TMPDIR": str(temporary),
            "PORT": str(port),
            "SPACE_ID": "acme/demo",
            "HF_HUB_OFFLINE": "1",
            "PYTHONUNBUFFERED": "1",
        }
    )
    log = temporary.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=tree,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=obey_modes,
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while not answers(port):
                assert process.poll() is None and time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE)
    assert process.returncode == 0, log.read_text()
    assert "Traceback" not in log.read_text()


def test_a_space_starts_and_searches_and_writes_to_its_temporary_folder_alone(
    tree: Path, own_port: int, tmp_path: Path, tiny_checkpoint: Path, tiny_gallery: Path
) -> None:
    """With a small model and gallery: test_demo.py starts those that are shipped, which takes longer."""
    temporary = tmp_path / "temporary"
    places = {"STNET_CHECKPOINT": str(tiny_checkpoint), "STNET_GALLERY": str(tiny_gallery)}
    with running(tree, own_port, temporary, **places) as server:
        kind, value = call_search(server, [None, "on the beach", 3])
        assert kind == "complete", value
        answer = value[0]
        assert len(answer["results"]) == 3
        picture = answer["results"][0]["image"].removeprefix(server)
        assert ask(server, picture).headers["content-type"].startswith("image/")
    assert set(space_files(ROOT)) == {
        path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()
    }
    left = [path.name for path in temporary.iterdir()]
    home = temporary / "no-home"  # what is computed once may be kept there, and nothing else
    assert not home.exists() or [path.name for path in home.iterdir()] == [".cache"]
    assert not [name for name in left if name.startswith(("stnet-", "gradio"))]  # nothing of a visitor's
