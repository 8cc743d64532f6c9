"""``python -m benchmarks.serving [--full]``: milliseconds a query and what it finds, at 1K, 10K, 108K and 1M.

Ours and what people do otherwise search the same features in one run. The features are made from those of the
galleries in assets (see `benchmarks.serving_features`); the queries are every drawing of the page's examples
with the words of every other, both halves in full, encoded by the shipped model outside of the times.

Beside the clock's times stands CPU time, which other work on the machine disturbs least, and the ratio of
both to the floor: what reading as many bytes of memory takes in the same run, by the clock on all threads, of
CPU on one. "top 10 held" is the share of the exact top 10 that a way to search finds. Cold: the files were
dropped from the page cache.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm  # type: ignore[import-untyped]

from benchmarks import serving_table
from benchmarks.serving_features import Pictures, open_features, read_originals, write_features
from benchmarks.serving_systems import (
    SHOWN,
    Asked,
    Clusters,
    Exhaustive,
    FaissFlat,
    FaissGraph,
    Mapped,
    NaiveTorch,
    Searching,
    TwoStage,
)
from stnet.checkpoint import LoadedModel, load_model
from stnet.model.scoring_kernel import warm
from stnet.strokes import render_strokes

SIZES, FULL_SIZES = (1_000, 10_000, 108_000), (1_000, 10_000, 108_000, 1_000_000)
SYSTEMS: tuple[type[Searching], ...] = (
    Exhaustive,
    TwoStage,
    NaiveTorch,
    FaissFlat,
    FaissGraph,
    Clusters,
    Mapped,
)
POOLS = (200, 500, 1_000, 2_000)  # candidates of which it is said what they hold of the exact top 10
SLOW_QUERIES, COLD_QUERIES = 5, 5
FLOOR_BYTES, FLOOR_ROUNDS = 256 << 20, 5
GALLERIES = ("gallery", "gallery-scenes")


class Times:
    """Of some queries: `wall` and `cpu`, milliseconds each."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def take(self, work: Callable[[], Any]) -> Any:
        """Do it once and keep how long it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        done = work()
        self.cpu.append((time.process_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)
        return done


def read_queries(loaded: LoadedModel, assets: Path) -> list[Asked]:
    """Every drawing of the examples with every example's words."""
    examples = json.loads((assets / "examples/examples.json").read_text(encoding="utf-8"))
    model, processor = loaded.model, loaded.processor
    with torch.inference_mode():
        drawn = [processor.sketch(_drawing(one["strokes"])) for one in examples]
        sketches = model.encode_sketch(torch.cat([values for values in drawn if values is not None]))
        texts = model.encode_text(*processor.text_batch([one["text"] for one in examples]))
        temperature = float(model.temperature)
    return [Asked(h.numpy(), (h * t).numpy(), temperature) for h in sketches for t in texts]


def _drawing(strokes: Sequence[Sequence[Sequence[int]]]) -> Image.Image:
    """Strokes on a grid of 256 x 256 as ink on white."""
    return Image.fromarray(255 - render_strokes([np.array(stroke) / 255 for stroke in strokes]))


def read_floor(threads: int) -> tuple[float, float]:
    """Wall and CPU milliseconds to read a GB of memory: on `threads` threads, and on one."""
    numbers = np.ones(FLOOR_BYTES // 8, dtype=np.int64)
    parts = np.array_split(numbers, threads)
    wall, cpu = Times(), Times()
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(FLOOR_ROUNDS):
            wall.take(lambda: list(pool.map(np.sum, parts)))
            cpu.take(lambda: np.sum(numbers))
    scale = 1e9 / FLOOR_BYTES
    return statistics.median(wall.wall) * scale, statistics.median(cpu.cpu) * scale


def forget(pictures: Pictures) -> None:
    """Drop the patches from the page cache."""
    for path in pictures.store.paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measure_system(
    system: Searching, queries: Sequence[Asked], exact: Sequence[np.ndarray], threads: int
) -> dict[str, Any]:
    """One row of the table; `exact` are the rows of each query's exact top 10."""
    asked = queries[:SLOW_QUERIES] if isinstance(system, NaiveTorch) else queries
    system.search(asked[0])
    floor = read_floor(threads)
    times, cold, held = Times(), Times(), []
    for query, right in zip(asked, exact, strict=False):
        found = times.take(partial(system.search, query))
        held.append(len(np.intersect1d(found, right)) / len(right))
    if isinstance(system, Exhaustive | TwoStage):
        for query in asked[:COLD_QUERIES]:
            forget(system.pictures)
            cold.take(partial(system.search, query))
    gigabytes = system.bytes_read() / 1e9
    return {
        "pictures": len(system.pictures),
        "search": system.name,
        "p50_ms": round(statistics.median(times.wall), 3),
        "p95_ms": round(float(np.quantile(times.wall, 0.95)), 3),
        "cpu_ms": round(statistics.median(times.cpu), 3),
        "floor_ms": round(floor[0] * gigabytes, 4),
        "floor_cpu_ms": round(floor[1] * gigabytes, 4),
        "held": round(statistics.mean(held), 4),
        "bytes": system.bytes_read(),
        "cold_ms": round(statistics.median(cold.wall), 3) if cold.wall else None,
    }


def pools_held(
    pictures: Pictures, queries: Sequence[Asked], exact: Sequence[np.ndarray], threads: int
) -> dict[str, float]:
    """Share of the exact top 10 that so many candidates by centroids hold."""
    held = {}
    for pool in POOLS:
        system = TwoStage(pictures, threads, pool)
        shares = [
            len(np.intersect1d(system.candidates(query), right)) / len(right)
            for query, right in zip(queries, exact, strict=True)
        ]
        held[str(pool)] = round(statistics.mean(shares), 4)
    return held


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All figures. Raises ValueError or OSError for what is missing."""
    torch.set_num_threads(options.threads)
    loaded = load_model(options.assets / "checkpoint", torch.device("cpu"))
    queries = read_queries(loaded, options.assets)[:: options.every]
    originals = read_originals([options.assets / name for name in GALLERIES])
    patches, dimension = originals.shape[1:]
    with tqdm(total=max(options.sizes), unit="picture", desc="making features") as bar:
        for done in write_features(folder, loaded.model, originals, max(options.sizes)):
            bar.update(done - bar.n)
    warm()
    rows: list[dict[str, Any]] = []
    pools: dict[str, dict[str, float]] = {}
    for size in options.sizes:
        pictures = open_features(folder, size, patches, dimension)
        exhaustive = Exhaustive(pictures, options.threads)
        exact = [exhaustive.search(query) for query in queries]
        pools[str(size)] = pools_held(pictures, queries, exact, options.threads)
        for kind in (SYSTEMS[number] for number in options.searches):
            rows.append(measure_system(kind(pictures, options.threads), queries, exact, options.threads))
            tqdm.write(f"{size:,} {kind.name}: {rows[-1]['p50_ms']} ms, CPU {rows[-1]['cpu_ms']} ms")
        pictures.store.close()
    return {
        "kind": "serving",
        "threads": options.threads,
        "queries": len(queries),
        "patches": patches,
        "dimension": dimension,
        "originals": len(originals),
        "shown": SHOWN,
        "rows": rows,
        "candidates_hold": pools,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 if something is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="a million pictures, too: 20 GB of disk")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of pictures instead, ascending")
    numbered = ", ".join(f"{number} {kind.name}" for number, kind in enumerate(SYSTEMS))
    parser.add_argument(
        "--searches",
        type=int,
        nargs="+",
        choices=range(len(SYSTEMS)),
        default=range(len(SYSTEMS)),
        help=f"some ways to search alone, by number: {numbered} (all)",
    )
    parser.add_argument("--threads", type=int, default=2, help="for one search (2)")
    parser.add_argument("--every", type=int, default=2, help="take every so many-th query of 64 (2)")
    parser.add_argument("--assets", type=Path, default=Path("assets"))
    parser.add_argument("--scratch", type=Path, help="where the features lie meanwhile (19 KB a picture)")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args(arguments)
    options.sizes = options.sizes or (FULL_SIZES if options.full else SIZES)
    try:
        with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
            figures = measure(options, Path(folder))
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(serving_table.markdown(figures))
    for size, held in figures["candidates_hold"].items():
        print(f"{int(size):,} pictures: candidates hold of the exact top 10: {held}")
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
