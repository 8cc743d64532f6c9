"""Joining a Ray cluster, or starting one on this machine, with nothing of it open to who has no token."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

TOKEN_MODE, CLUSTER_TOKEN = "RAY_AUTH_MODE", "RAY_AUTH_TOKEN"
_STORE = 256 << 20  # bytes for answers on their way between processes
_PORTS = (
    "--port",
    "--dashboard-agent-grpc-port",
    "--dashboard-agent-listen-port",
    "--metrics-export-port",
    "--runtime-env-agent-port",
    "--ray-client-server-port",
)
# Ray reads these when it is imported
_SETTINGS = {
    TOKEN_MODE: "token",
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing of this machine goes anywhere
    "RAY_DASHBOARD_STARTUP_TIMEOUT_S": "180",  # of what starts in its place: a busy machine is slow
}


@contextmanager
def joined(address: str | None, temporary: Path | None) -> Iterator[tuple[ModuleType, str]]:
    """Be connected to a cluster until the end of the block: the package ray, and the cluster's address.

    Args:
        address: host:port of the cluster's head; None starts one of this machine, which ends with the block.
        temporary: where a started cluster puts its logs and sockets, a short path; default Ray's own choice.

    Raises:
        ValueError: if Ray isn't installed, or the cluster can't be reached or started, or refuses the token.
    """
    _prepare(started=address is None)
    if address is not None:
        yield _connected(address), address
        return
    with _started(temporary) as head:
        yield _connected(head), head


def _prepare(*, started: bool) -> None:
    if os.environ.get(TOKEN_MODE, "token") != "token":
        raise ValueError(f"{TOKEN_MODE} must be token: without one a cluster runs whatever anybody sends it")
    if started:
        os.environ.setdefault(CLUSTER_TOKEN, secrets.token_hex(32))
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)


def _connected(address: str) -> ModuleType:
    try:
        import ray
    except ImportError as error:
        raise ValueError(
            "Several machines need the package ray: .venv/bin/python -m pip install -e '.[distributed]' "
            "-c constraints.txt"
        ) from error
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except Exception as error:  # Ray has many for a cluster that isn't there or wants another token
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise ValueError(f"The Ray cluster {address} can't be used: {reason}") from error
    return ray


@contextmanager
def _started(temporary: Path | None) -> Iterator[str]:
    """A cluster of this machine, as `ray start --head` starts one: its address, until the end of the block.

    Every port is chosen beforehand, where Ray would wait only seconds for its own helpers to choose.
    """
    ports = _free_ports(len(_PORTS))
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"]
    command += ["--include-dashboard=false", "--disable-usage-stats", f"--object-store-memory={_STORE}"]
    command += ["--min-worker-port=0", "--max-worker-port=0"]
    command += [f"{name}={port}" for name, port in zip(_PORTS, ports, strict=True)]
    command += [] if temporary is None else [f"--temp-dir={temporary}"]
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    # in a session of its own: Ctrl+C is for this process, which ends the cluster in its turn
    with subprocess.Popen(command, start_new_session=True, **options) as head:
        try:
            _wait_for(head)
            yield f"127.0.0.1:{ports[0]}"
        finally:
            head.terminate()


def _wait_for(head: "subprocess.Popen[str]") -> None:
    assert head.stdout is not None
    last = ""
    for line in head.stdout:
        if "Ray runtime started" in line:
            return
        last = line.strip() or last
    raise ValueError(f"Ray can't be started on this machine: {last}")


def _free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on just now."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports
