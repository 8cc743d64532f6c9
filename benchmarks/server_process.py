"""A server in a process of its own: how long it takes to start, and what CPU time and memory it has taken."""

import http.client
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
PATIENCE = 600.0  # seconds
PAUSE = 0.02  # seconds between two attempts: what the time of a start is exact to


@dataclass(frozen=True)
class ServerProcess:
    """One that answers.

    Attributes:
        port: of this machine.
        begun: when it was started, as time.perf_counter says it.
        pid: of its process.
    """

    port: int
    begun: float
    pid: int

    @property
    def address(self) -> str:
        """Without a slash at its end."""
        return f"http://{HOST}:{self.port}"

    def age(self) -> float:
        """Seconds since it was started."""
        return time.perf_counter() - self.begun

    def cpu(self) -> float:
        """Seconds of CPU time that all its threads have taken, in the system too."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Resident memory, in MiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


@contextmanager
def started(command: Sequence[str], **environment: str) -> Iterator[ServerProcess]:
    """A command that serves on $PORT, from the moment that GET / is answered to the end of the block.

    Raises:
        RuntimeError: with what it printed, if it ends before it answers or takes longer than PATIENCE.
    """
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment | {"PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            server = ServerProcess(port, begun, process.pid)
            while not _answers(port):
                if process.poll() is not None or server.age() > PATIENCE:
                    output.seek(0)
                    raise RuntimeError(f"{' '.join(command)} serves nothing:\n{output.read().decode()}")
                time.sleep(PAUSE)
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
