"""Visitors of a served page without browsers: what they do over HTTP, and how long each thing takes."""

import http.client
import io
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

from PIL import Image, ImageDraw

PATIENCE = 120.0  # seconds
RESULTS = 12  # of a search
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
            outcome: {"calls": len(times), "median": rounded(times, 50), "p95": rounded(times, 95)}
            for outcome, times in sorted(self.seconds.items())
        }
        return found | ({"reasons": dict(self.reasons)} if self.reasons else {})


def rounded(times: list[float], percent: int) -> float:
    """A percentile, to a thousandth."""
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 3)


class Visitor:
    """One client of a server."""

    def __init__(
        self, server: str, report: Report, seed: int, *, always_new: bool = False, heatmaps: bool = True
    ) -> None:
        """Of one server.

        Args:
            always_new: say what nobody has said before; a server keeps the vectors of recent words.
            heatmaps: have the server paint them; the page does that in the browser.
        """
        self._host = urlsplit(server).netloc
        self._report, self._random, self._always_new = report, Random(seed), always_new
        self._further = [0.0, None, None, None, False, False, 0, None, None, None, heatmaps, True]

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
            "POST", "/gradio_api/upload", part + drawing(self._random) + b"\r\n--part--\r\n", kind
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
        words = self._random.choice(WORDS)
        if self._always_new:
            words = f"{words}, {self._random.randrange(10**9)}"
        body = json.dumps({"data": [sketch, words, RESULTS, *self._further]}).encode()
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


def drawing(random: Random) -> bytes:
    """Some lines on white, 200 x 200 pixels, as a PNG file."""
    picture = Image.new("L", (200, 200), "white")
    corners = [random.randrange(200) for _ in range(12)]
    ImageDraw.Draw(picture).line(corners, fill="black", width=5)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def visit(
    server: str,
    clients: int,
    seconds: float,
    act: Callable[[Visitor], None] = Visitor.anything,
    **options: Any,
) -> Report:
    """So many clients, one thing after the other, for so long.

    Args:
        act: what each of them does again and again.
        options: of `Visitor`.
    """
    report, end = Report(), time.monotonic() + seconds

    def stay(number: int) -> None:
        visitor = Visitor(server, report, number, **options)
        while time.monotonic() < end:
            act(visitor)

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(stay, range(clients)))
    return report
