"""How a process ends that is told to: by which signal, how far it has come, and who ignores it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.files.process_folder import ProcessFolder, delete_all
from webapp.stopping import STOPS, Stops

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds; a machine that does nothing else needs a tenth of one
IMPORTS = """
import pathlib, signal, sys, time
from webapp.files.process_folder import ProcessFolder
from webapp.stopping import Stops
for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # whoever runs the tests may have them ignored
    signal.signal(stop, signal.default_int_handler)
"""
FOLDER = "folder = ProcessFolder(pathlib.Path(sys.argv[1]), 'mine-'); (folder.path / 'photo').touch();"
STARTING = f"{FOLDER} stops = Stops().__enter__(); print('ready', flush=True); time.sleep(60)"
SERVING = f"""{FOLDER}
sleep = time.sleep
time.sleep = lambda seconds: (print('ready', flush=True), sleep(seconds))
with Stops() as stops:
    stops.wait()
    print(*pathlib.Path(sys.argv[1]).iterdir(), 'stopped')
"""


def start(program: str, folder: Path) -> "subprocess.Popen[str]":
    """A process that runs this program and is ready to be stopped."""
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORTS + program, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for("ready", process)
    return process


def wait_for(line: str, process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == f"{line}\n"


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_a_start_is_broken_off_on_one_line(stop: signal.Signals, tmp_path: Path) -> None:
    process = start(STARTING, tmp_path)
    process.send_signal(stop)
    output, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, output, errors) == (128 + stop, "", f"* Stopped by {stop.name}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_a_server_deletes_everything_and_ends_well(stop: signal.Signals, tmp_path: Path) -> None:
    process = start(SERVING, tmp_path)
    process.send_signal(stop)
    assert process.communicate(timeout=PATIENCE) == ("stopped\n", "")
    assert process.returncode == 0


def test_more_signals_do_not_break_off_the_deletion(tmp_path: Path) -> None:
    slow = """
import shutil
delete = shutil.rmtree
def slowly(*path, **how):
    print("deleting", flush=True)
    sys.stdin.readline()
    delete(*path, **how)
shutil.rmtree = slowly
"""
    process = start(slow + SERVING, tmp_path)
    process.send_signal(signal.SIGHUP)
    wait_for("deleting", process)
    for stop in STOPS:
        process.send_signal(stop)
    assert process.communicate("go on\n", timeout=PATIENCE) == ("stopped\n", "")
    assert process.returncode == 0


def test_what_is_ignored_from_the_beginning_stays_ignored(tmp_path: Path) -> None:
    process = start("signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + SERVING, tmp_path)
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=PATIENCE)[0] == "stopped\n"


def test_the_handlers_from_before_come_back() -> None:
    outside = {stop: signal.signal(stop, signal.default_int_handler) for stop in STOPS}
    try:
        with Stops():
            assert all(signal.getsignal(stop) is not signal.default_int_handler for stop in STOPS)
        assert all(signal.getsignal(stop) is signal.default_int_handler for stop in STOPS)
    finally:
        for stop, handler in outside.items():
            signal.signal(stop, handler)


def test_a_fork_leaves_its_parents_folders_alone(tmp_path: Path) -> None:
    folder = ProcessFolder(tmp_path, "mine-")
    child = os.fork()
    if child == 0:
        delete_all()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert folder.path.exists()
