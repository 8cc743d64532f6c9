"""``python -m benchmarks.load``: many visitors at once, then ten times as many as may wait.

Clients search, send drawings, leave in the middle of a search and read slowly, all over HTTP from this
machine. After that the queue is flooded. Figures are of the server and the clients on the same cores.
"""

import argparse
import json
import os
import statistics
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Gradio reads this when it is imported
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import torch

from benchmarks.visitors import ANSWERED, FAILED, Report, Visitor, visit
from stnet.search import SearchEngine
from webapp.environment import private_uploads
from webapp.search_service import WAITING

HOST = "127.0.0.1"
FLOOD = 10 * WAITING
SAMPLES = 10  # of the memory while visitors come


def memory() -> int:
    """Resident memory of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


@contextmanager
def sampled(every: float) -> Iterator[list[int]]:
    """The memory every so many seconds until the end of the block, in MiB."""
    found: list[int] = []
    end = threading.Event()

    def sample() -> None:
        while not end.wait(every):
            found.append(memory())

    sampling = threading.Thread(target=sample, name="sampling")
    sampling.start()
    try:
        yield found
    finally:
        end.set()
        sampling.join()


def first_search(server: str) -> float:
    """How long one search takes when nobody else searches, in seconds."""
    report = Report()
    Visitor(server, report, seed=0).search()
    return statistics.median(report.seconds.get(ANSWERED, [float("inf")]))


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
        with sampled(seconds / SAMPLES) as over_time:
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
        "memory_over_time": over_time,
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
    torch.set_num_threads(1)  # as in app.py
    engine = SearchEngine.from_pretrained(options.checkpoint, options.gallery)
    found = measure(engine, options.clients, options.seconds, options.flood)
    print(json.dumps(found, indent=1))
    return int(FAILED in found["visits"] or FAILED in found["flood"])


if __name__ == "__main__":
    sys.exit(main())
