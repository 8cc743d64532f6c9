"""``python -m benchmarks.load``: many visitors at once, then ten times as many as may wait.

Clients search, send drawings, leave in the middle of a search and read slowly, all over HTTP from this
machine. After that the queue is flooded. Figures are of the server and the clients on the same cores.
"""

import argparse
import http.client
import io
import json
import os
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

# Gradio reads this when it is imported
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import torch
from PIL import Image, ImageDraw

from stnet.search import SearchEngine
from webapp.environment import private_uploads
from webapp.search_service import WAITING

HOST = "127.0.0.1"
THREADS = 2  # for one search, as in app.py
PATIENCE = 120.0  # seconds
FLOOD = 10 * WAITING
WORDS = ("a red one", "on the beach", "at night, beside a car", "on a table", "in the snow")
ANSWERED, BUSY, FAILED, LEFT = "answered", "busy", "failed", "left"


@dataclass
class Report:
    """What happened, from many threads at once."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, outcome: str, seconds: float, reason: str = "") -> None:
        """One call."""
        with self._lock:
            self.seconds.setdefault(outcome, []).append(seconds)
            if reason:
                self.reasons[reason[:120]] += 1

    def to_dict(self) -> dict[str, Any]:
        """For each outcome how many, the median and the 95th percentile in seconds."""
        found: dict[str, Any] = {
            outcome: {"calls": len(times), "median": _rounded(times, 50), "p95": _rounded(times, 95)}
            for outcome, times in sorted(self.seconds.items())
        }
        return found | ({"reasons": dict(self.reasons)} if self.reasons else {})


def _rounded(times: list[float], percent: int) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 3)


class Visitor:
    """One client of a server."""

    def __init__(self, server: str, report: Report, seed: int) -> None:
        self._host = urlsplit(server).netloc
        self._report, self._random = report, Random(seed)

    def anything(self) -> None:
        """One of the things that visitors do; a search most often."""
        chances: list[tuple[int, Callable[[], None]]] = [
            (6, self.search),
            (2, self.search_by_drawing),
            (1, self.leave),
            (1, self.read_slowly),
        ]
        (choice,) = self._random.choices([act for _, act in chances], [weight for weight, _ in chances])
        choice()

    def search(self, sketch: dict[str, Any] | None = None, pause: float = 0.0) -> None:
        """One search, from the call to the last byte of its answer."""
        begin = time.perf_counter()
        try:
            outcome, reason = self._outcome(sketch, pause)
        except (OSError, http.client.HTTPException) as error:
            outcome, reason = FAILED, type(error).__name__
        self._report.add(outcome, time.perf_counter() - begin, reason)

    def search_by_drawing(self) -> None:
        """A drawing is sent and searched by."""
        part = b'--part\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
        kind = "multipart/form-data; boundary=part"
        status, said = self._ask(
            "POST", "/gradio_api/upload", part + _drawing(self._random) + b"\r\n--part--\r\n", kind
        )
        if status != 200:
            self._report.add(FAILED, 0.0, f"upload: {status}")
            return
        self.search({"path": json.loads(said)[0], "meta": {"_type": "gradio.FileData"}})

    def read_slowly(self) -> None:
        """A search whose answer is taken in small pieces."""
        self.search(pause=0.01)

    def leave(self) -> None:
        """A search whose answer nobody waits for."""
        begin = time.perf_counter()
        try:
            status, said = self._call(None)
            if status == 200:
                connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)
                connection.request("GET", f"/gradio_api/call/search/{json.loads(said)['event_id']}")
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            self._report.add(FAILED, time.perf_counter() - begin, type(error).__name__)
            return
        self._report.add(LEFT, time.perf_counter() - begin)

    def _outcome(self, sketch: dict[str, Any] | None, pause: float) -> tuple[str, str]:
        status, said = self._call(sketch)
        if status != 200:
            return (BUSY if status == 503 else FAILED), f"call: {status} {said.decode(errors='replace')}"
        event = json.loads(said)["event_id"]
        status, said = self._ask("GET", f"/gradio_api/call/search/{event}", pause=pause)
        if b"event: complete" in said:  # perhaps after signs of life
            return ANSWERED, ""
        return (BUSY if b"full" in said else FAILED), f"answer: {status} {said.decode(errors='replace')}"

    def _call(self, sketch: dict[str, Any] | None) -> tuple[int, bytes]:
        body = json.dumps({"data": [sketch, self._random.choice(WORDS), 12]}).encode()
        return self._ask("POST", "/gradio_api/call/search", body, "application/json")

    def _ask(
        self, method: str, target: str, body: bytes | None = None, kind: str = "", pause: float = 0.0
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)
        try:
            connection.request(method, target, body, {"Content-Type": kind} if kind else {})
            answer = connection.getresponse()
            pieces = []
            while piece := answer.read(4096):
                pieces.append(piece)
                time.sleep(pause)
            return answer.status, b"".join(pieces)
        finally:
            connection.close()


def _drawing(random: Random) -> bytes:
    picture = Image.new("L", (200, 200), "white")
    corners = [random.randrange(200) for _ in range(12)]
    ImageDraw.Draw(picture).line(corners, fill="black", width=5)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def memory() -> int:
    """Resident memory of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def first_search(server: str) -> float:
    """How long one search takes when nobody else searches, in seconds."""
    report = Report()
    Visitor(server, report, seed=0).search()
    return statistics.median(report.seconds.get(ANSWERED, [float("inf")]))


def visit(server: str, clients: int, seconds: float) -> Report:
    """So many clients, one thing after the other, for so long."""
    report, end = Report(), time.monotonic() + seconds

    def stay(number: int) -> None:
        visitor = Visitor(server, report, number)
        while time.monotonic() < end:
            visitor.anything()

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(stay, range(clients)))
    return report


def flood(server: str, calls: int) -> Report:
    """So many searches at the same moment."""
    report, gate = Report(), threading.Barrier(calls)

    def come(number: int) -> None:
        visitor = Visitor(server, report, number)
        gate.wait()
        visitor.search()

    with ThreadPoolExecutor(calls) as threads:
        list(threads.map(come, range(calls)))
    return report


def measure(engine: SearchEngine, clients: int, seconds: float, calls: int) -> dict[str, Any]:
    """Serve the engine's gallery and visit it; all figures as JSON."""
    with private_uploads():
        from webapp.page import build, launch_options
        from webapp.search_service import Answerer

        answerer = Answerer(engine)
        answerer.calibrate()
        page = build(answerer)
        _, address, _ = page.launch(
            prevent_thread_lock=True, quiet=True, server_name=HOST, **launch_options()
        )
        server = address.rstrip("/")
        first_search(server)
        before = {"first_search": round(first_search(server), 3), "memory": memory()}
        visits = visit(server, clients, seconds).to_dict()
        after_visits = {"first_search": round(first_search(server), 3), "memory": memory()}
        flooded = flood(server, calls).to_dict()
        after_flood = {"first_search": round(first_search(server), 3), "memory": memory()}
        page.close(verbose=False)
        answerer.shelf.delete()
    return {
        "clients": clients,
        "seconds": seconds,
        "pictures": len(engine.gallery),
        "before": before,
        "visits": visits,
        "after_visits": after_visits,
        "flood_calls": calls,
        "flood": flooded,
        "after_flood": after_flood,
    }


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 if a call failed that wasn't refused for being one too many."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--flood", type=int, default=FLOOD, help=f"calls at one moment ({FLOOD})")
    parser.add_argument("--checkpoint", help="default: as stnet.search chooses it")
    parser.add_argument("--gallery", help="default: as stnet.search chooses it")
    options = parser.parse_args(arguments)
    torch.set_num_threads(min(THREADS, torch.get_num_threads()))
    engine = SearchEngine.from_pretrained(options.checkpoint, options.gallery)
    found = measure(engine, options.clients, options.seconds, options.flood)
    print(json.dumps(found, indent=1))
    return int(FAILED in found["visits"] or FAILED in found["flood"])


if __name__ == "__main__":
    sys.exit(main())
