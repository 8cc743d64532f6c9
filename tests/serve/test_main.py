"""A gallery on Ray: one start for all of these tests, which come in the order in which they are written."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import torch

from stnet.cache import cache_folder
from stnet.search import SearchEngine
from stnet.search.remote.gallery import TOKEN
from stnet.serve.__main__ import main
from stnet.serve.cluster import CLUSTER_TOKEN
from tests.answers import everything
from tests.galleries import drawing, make_gallery

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START, LONGEST_RESTART = 300, 120  # seconds, on a busy machine
PATIENCE, DEADLINE = 4, 40  # seconds; in less than that Ray restarts nothing
QUERY = {"sketch": drawing(), "text": "a red one", "candidates": 6, "top_k": 5}


class Server:
    """`python -m stnet.serve` in a process of its own, and what it printed."""

    def __init__(self, *options: str, **environment: str) -> None:
        command = [sys.executable, "-m", "stnet.serve", *options]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed: list[str] = []

    def said(self, beginning: str) -> str:
        """The end of the line that begins so; waits for it."""
        watch = threading.Timer(LONGEST_START, self.end)
        watch.start()
        try:
            for line in self.process.stdout:
                self.printed.append(line)
                if line.startswith(beginning):
                    return line.removeprefix(beginning).strip()
        finally:
            watch.cancel()
        raise AssertionError(f"ended without {beginning!r}: {''.join(self.printed)}")

    def end(self) -> None:
        """Leave no process of it, whatever state it is in."""
        alive = self.process.poll() is None
        for process in [*(self.everything() if alive else []), self.process]:
            with suppress(psutil.Error):
                process.kill()
        self.process.wait()

    def replicas(self, shard: str) -> list[psutil.Process]:
        """The processes that hold a shard."""
        name = f"ServeReplica:stnet:{shard}"  # in what Ray calls them
        return [one for one in self.everything() if name in " ".join(command_of(one))]

    def everything(self) -> list[psutil.Process]:
        """All processes below it."""
        return psutil.Process(self.process.pid).children(recursive=True)


def command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it has just ended
        return []


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """As the server has it: torch adds up in another order with more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def gallery(tiny_checkpoint, tmp_path_factory):
    return make_gallery(tmp_path_factory.mktemp("serve"), tiny_checkpoint, count=12)


@pytest.fixture(scope="module")
def local(tiny_checkpoint, gallery):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, gallery, "cpu")
    engine.calibrate(cache_folder())  # the server needn't measure it again
    return engine


@pytest.fixture(scope="module")
def options(tiny_checkpoint, gallery):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return [
        *("--gallery", str(gallery), "--shards", "3", "--checkpoint", str(tiny_checkpoint)),
        *("--patience", str(PATIENCE), "--deadline", str(DEADLINE), "--port", str(port)),
        *("--replicas", "2", "--busy", "0.1"),
    ]


@pytest.fixture(scope="module")
def server(options, local, own_token):
    temporary = Path(tempfile.mkdtemp(prefix="stnet-", dir="/tmp"))  # sockets' paths must be short
    made = Server(*options, "--temporary", str(temporary))
    try:
        yield made
    finally:
        made.end()
        made.process.stdout.close()
        shutil.rmtree(temporary, ignore_errors=True)


@pytest.fixture(scope="module", autouse=True)
def own_token():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TOKEN, "long enough for a token")
        patch.setenv(CLUSTER_TOKEN, "c" * 64)
        yield


@pytest.fixture(scope="module")
def address(server):
    return server.said("* STNET_GALLERY=")


@pytest.fixture(scope="module")
def cluster(server, address):
    return server.said("* Ray cluster: ")


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, address):
    made = SearchEngine.from_pretrained(tiny_checkpoint, address, "cpu")
    yield made
    made.gallery.close()


def test_what_cannot_be_served_is_said_on_one_line(options, gallery, capsys, monkeypatch):
    assert main(["--gallery", str(gallery)]) == 2
    assert "say with --shards into how many to cut it" in capsys.readouterr().err
    monkeypatch.setenv(TOKEN, "short")
    assert main(options) == 2
    assert f"{TOKEN} must have 16 letters" in capsys.readouterr().err


def test_the_answer_is_that_of_one_machine(engine, local):
    for query in (QUERY, {"text": "a red one", "exhaustive": True}, {"sketch": drawing(), "several": True}):
        assert everything(engine.search(**query)) == everything(local.search(**query))
    picture = local.search(text="red").results[0].picture
    assert everything(engine.similar(image=picture)) == everything(local.similar(image=picture))


def test_a_replica_more_under_load_loses_nothing(server, engine, local):
    expected, found, enough = everything(local.search(**QUERY)), [], threading.Event()

    def search() -> None:
        while not enough.is_set():
            found.append(everything(engine.search(**QUERY)))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: len(server.replicas("shard-0001")) == 2)
        before = len(found)
        wait_until(lambda: len(found) > before + 8)  # with the second one on its way, or there
    finally:
        enough.set()
        for thread in threads:
            thread.join()
    assert all(one == expected for one in found)


def test_a_shard_that_is_killed_during_a_query_is_named_and_comes_back(server, engine, local):
    replicas = server.replicas("shard-0001")
    answers = []
    for process in replicas:
        process.suspend()  # the query can't end before the shard dies
    asking = threading.Thread(target=lambda: answers.append(engine.search(**QUERY)))
    start = time.monotonic()
    asking.start()
    asking.join(1.0)  # it is on its way
    for process in replicas:
        process.send_signal(signal.SIGKILL)
    asking.join(DEADLINE)
    (partial,) = answers
    assert time.monotonic() - start < DEADLINE
    assert 1 in partial.missing
    assert not {one.id for one in partial.results} & {f"photo-{row:02d}.png" for row in range(4, 8)}
    expected = everything(local.search(**QUERY))
    wait_until(lambda: everything(engine.search(**QUERY)) == expected)


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_RESTART
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_without_the_cluster_s_token_nobody_joins_it(options, cluster):
    refused = Server(*options, "--address", cluster, **{CLUSTER_TOKEN: "d" * 64})
    printed, _ = refused.process.communicate(timeout=LONGEST_START)
    assert refused.process.returncode == 2
    assert f"The Ray cluster {cluster} can't be used" in printed


def test_nothing_is_left_when_it_is_stopped(server, cluster):
    below = server.everything()
    assert len(below) > 5
    server.process.terminate()
    assert server.process.wait(LONGEST_RESTART) == 0
    _, alive = psutil.wait_procs(below, LONGEST_RESTART)
    assert alive == []
