"""``python -m scripts.try_space``: install and start the demo as a Space would, in an environment of its own.

The files that push-space uploads, in a folder that can't be written; a new virtual environment with what
requirements.txt names and nothing else; no home; then one search, through the page's own API.
"""

import argparse
import ctypes
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gradio_client import Client

from stnet.hub.pushing import space_files

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300  # seconds; a machine that does nothing else needs a thirtieth of them
WORDS = "a penguin in the snow"
_DROP_CAPABILITY, _WRITE_ANYWHERE = 24, 1  # of Linux' prctl: what lets root ignore a folder's mode


@contextmanager
def read_only_tree(place: Path) -> Iterator[Path]:
    """What push-space uploads, copied to `place` (which must not exist yet) and closed for writing."""
    for name in space_files(ROOT):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place / name)
    folders = [place, *(path for path in place.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield place
    finally:
        for folder in folders:
            folder.chmod(0o755)


@contextmanager
def running(
    tree: Path, port: int, temporary: Path, *, python: str = sys.executable, **settings: str
) -> Iterator[str]:
    """The address of app.py, started as Spaces start it, with what its settings may name.

    Raises:
        RuntimeError: with all that it printed, if it ends before it answers, is too slow or doesn't end well.
    """
    temporary.mkdir()
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "OMP_NUM_THREADS")}
    environment |= settings | {
        "HOME": str(temporary / "no-home"),
        "TMPDIR": str(temporary),
        "PORT": str(port),
        "SPACE_ID": "acme/demo",
        "HF_HUB_OFFLINE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    log = temporary.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [python, "app.py"],
            cwd=tree,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_obey_modes,
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"The demo doesn't start:\n{log.read_text()}")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE)
    if process.returncode != 0 or "Traceback" in log.read_text():
        raise RuntimeError(f"The demo doesn't end well ({process.returncode}):\n{log.read_text()}")


def _obey_modes() -> None:
    """Let the next program write only where the modes allow it, root's too."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_DROP_CAPABILITY, _WRITE_ANYWHERE, 0, 0, 0)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/config", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _install(folder: Path) -> str:
    """The python of a new environment with what users get."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(folder / "bin" / "python")
    wanted = ["-r", str(ROOT / "requirements.txt"), "-c", str(ROOT / "constraints.txt")]
    subprocess.run([python, "-m", "pip", "install", "-qq", *wanted], check=True)
    return python


def try_space() -> None:
    """Install, start, search, stop; what happens is printed.

    Raises:
        RuntimeError: if it doesn't start or doesn't end well.
        subprocess.CalledProcessError: if it can't be installed.
    """
    with tempfile.TemporaryDirectory(prefix="stnet-space-") as name:
        folder = Path(name)
        begun = time.monotonic()
        python = _install(folder / "environment")
        print(f"installed in {time.monotonic() - begun:.0f} s")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        begun = time.monotonic()
        with (
            read_only_tree(folder / "space") as tree,
            running(tree, port, folder / "temporary", python=python) as server,
        ):
            print(f"answers after {time.monotonic() - begun:.1f} s")
            answer = Client(server, verbose=False).predict(None, WORDS, 5, api_name="/search")
            found = [result["id"] for result in answer["results"]]
            print(f'"{WORDS}" finds {", ".join(found)}')


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 if it was installed, started, found something and ended; else a traceback says why not."""
    argparse.ArgumentParser(prog="python -m scripts.try_space", description=__doc__).parse_args(arguments)
    try_space()
    return 0


if __name__ == "__main__":
    sys.exit(main())
