"""``python -m benchmarks.app``: the whole program as its users have it, from its start to 32 clients.

app.py runs in a process of its own, plain Gradio with an endpoint that does nothing in another, and the
encoder alone in this one: one client asks all three in turns, always with a drawing and words that are new,
and the first of them also for painted heat maps, which the page draws itself. The drawing is uploaded before
the clock starts. Then 1, 8 and 32 clients search at once, as many call what does nothing, and a browser
draws, searches and waits for the pictures, if there is one. Clients and servers share this machine's cores.
"""

import argparse
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import torch
from PIL import Image

from benchmarks import app_table
from benchmarks.server_process import ServerProcess, started
from benchmarks.visitors import ANSWERED, RESULTS, Report, Visitor, drawing, rounded, visit
from stnet.search import SearchEngine
from stnet.search.encoding import QueryEncoder
from stnet.search.query import read_query

CLIENTS = (1, 8, 32)
APP = (sys.executable, "app.py")
FLOOR = (sys.executable, "-m", "benchmarks.gradio_floor")


class Encoder:
    """What a search can't do without: a drawing and words become vectors, in this process."""

    def __init__(self, seed: int) -> None:
        engine = SearchEngine.from_pretrained()
        self.pictures = len(engine.gallery)
        self._processor, self._encoder = engine.loaded.processor, QueryEncoder(engine.loaded)
        self._random = Random(seed)
        self.seconds: list[float] = []
        self.cpu = 0.0

    @torch.inference_mode()
    def encode(self) -> None:
        """One query that is new."""
        sketch = Image.open(io.BytesIO(drawing(self._random)))
        words = f"on the beach, {self._random.randrange(10**9)}"
        wall, cpu = time.perf_counter(), time.process_time()
        self._encoder.encode(read_query(self._processor, sketch, words))
        self.seconds.append(time.perf_counter() - wall)
        self.cpu += time.process_time() - cpu

    def forget_times(self) -> None:
        """Those so far were of a warm-up."""
        self.seconds, self.cpu = [], 0.0


def first_answer(server: ServerProcess) -> None:
    """Search once.

    Raises:
        RuntimeError: if there is no answer.
    """
    report = Report()
    Visitor(server.address, report, seed=0).search()
    if ANSWERED not in report.seconds:
        raise RuntimeError(f"the first search failed: {report.to_dict()}")


def start_once() -> dict[str, float]:
    """Seconds by the clock and of CPU time from the start of the process to its page and its first answer."""
    with started(APP) as server:
        return _first_seconds(server)


def _first_seconds(server: ServerProcess) -> dict[str, float]:
    page, page_cpu = server.age(), server.cpu()
    first_answer(server)
    return {"page": page, "page_cpu": page_cpu, "answer": server.age(), "answer_cpu": server.cpu()}


def one_client(app: ServerProcess, floor: ServerProcess, encoder: Encoder, searches: int) -> dict[str, Any]:
    """Searches of the app, without heat maps and with them, calls of the floor and the encoder, in turns."""
    servers = {"search": app, "painted": app, "floor": floor}
    reports = {name: Report() for name in servers}
    visitors = {
        name: Visitor(server.address, reports[name], seed=1, always_new=True, heatmaps=name == "painted")
        for name, server in servers.items()
    }
    for visitor in visitors.values():  # a warm-up
        visitor.search_by_drawing()
    encoder.encode()
    encoder.forget_times()
    for report in reports.values():
        report.seconds.clear()
    cpu = dict.fromkeys(servers, 0.0)
    for _ in range(searches):
        for name, visitor in visitors.items():
            before = servers[name].cpu()
            visitor.search_by_drawing()
            cpu[name] += servers[name].cpu() - before
        encoder.encode()
    times = {name: report.seconds.get(ANSWERED, []) for name, report in reports.items()}
    if any(len(answered) != searches for answered in times.values()):
        raise RuntimeError(f"searches failed: {[report.to_dict() for report in reports.values()]}")
    cpu["encoder"] = encoder.cpu
    return {
        name: {
            "p50_ms": 1000 * statistics.median(seconds),
            "p95_ms": 1000 * rounded(seconds, 95),
            "cpu_ms": 1000 * cpu[name] / searches,
        }
        for name, seconds in (times | {"encoder": encoder.seconds}).items()
    }


def crowd(server: ServerProcess, clients: int, seconds: float) -> dict[str, Any]:
    """So many clients who do nothing but search, each time for something new."""
    cpu, begun = server.cpu(), time.perf_counter()
    report = visit(
        server.address, clients, seconds, Visitor.search_by_drawing, always_new=True, heatmaps=False
    )
    took = time.perf_counter() - begun
    answered = report.seconds.get(ANSWERED, [])
    return {
        "clients": clients,
        "answered": len(answered),
        "per_second": len(answered) / took,
        "p50_ms": 1000 * rounded(answered, 50) if answered else None,
        "p95_ms": 1000 * rounded(answered, 95) if answered else None,
        "cpu_ms": 1000 * (server.cpu() - cpu) / len(answered) if answered else None,
        "others": {outcome: len(times) for outcome, times in report.seconds.items() if outcome != ANSWERED},
        "reasons": dict(report.reasons),  # of the others
    }


def browser_visits(server: ServerProcess, visits: int) -> dict[str, Any] | None:
    """Medians of visits in Chromium, after one that isn't counted; None where it isn't installed."""
    # only who has the extra `dev` can import these
    from playwright.sync_api import sync_playwright

    from benchmarks.counting_proxy import CountingProxy
    from benchmarks.page_visit import BROWSER_ARGUMENTS, Site, visit
    from scripts.find_chromium import find_chromium

    executable = find_chromium()
    if executable is None:
        return None
    proxy = CountingProxy(server.port)
    with proxy.running(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
        seen = [asdict(visit(browser, Site(proxy))) for _ in range(visits + 1)][1:]
        browser.close()
    middle = {name: statistics.median(one[name] for one in seen) for name in ("pen", "search")}
    return {"visits": visits, "pen_ms": middle["pen"], "pictures_ms": middle["search"]}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures."""
    starts = [start_once() for _ in range(options.starts - 1)]
    encoder = Encoder(seed=2)
    with started(APP) as app, started(FLOOR) if options.searches else nullcontext() as floor:
        starts.append(_first_seconds(app))
        found: dict[str, Any] = {"kind": "app", "load": os.getloadavg()[0], "pictures": encoder.pictures}
        found["results"] = RESULTS
        found["starts"] = {name: statistics.median(one[name] for one in starts) for name in starts[0]}
        memory = app.memory()
        if floor is not None:
            found["one_client"] = one_client(app, floor, encoder, options.searches)
        found["crowds"] = [crowd(app, clients, options.seconds) for clients in options.clients]
        if floor is not None:
            found["floor_crowds"] = [crowd(floor, clients, options.seconds) for clients in options.clients]
        found["browser"] = browser_visits(app, options.visits) if options.visits else None
        found["memory"] = {"before": memory, "after": app.memory()}
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0; 1 if a search was not answered."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.app", description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=3, help="of the program, medians count (3)")
    parser.add_argument("--searches", type=int, default=50, help="of one client (50)")
    parser.add_argument("--clients", type=int, nargs="*", default=CLIENTS, help="at once (1 8 32)")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each number of clients (20)")
    parser.add_argument("--visits", type=int, default=3, help="in a browser (3)")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args(arguments)
    if options.starts < 1:
        parser.error("--starts must be positive")
    torch.set_num_threads(1)  # as in app.py
    figures = measure(options)
    print(app_table.markdown(figures))
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return int(any(one["others"] for one in figures["crowds"]))


if __name__ == "__main__":
    sys.exit(main())
