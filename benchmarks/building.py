"""``python -m benchmarks.building``: the builder's pictures a second over its encoder's own, and its memory.

Each size is built in a process of its own from the photographs of a gallery, again and again until there are
enough. In the same process the encoder alone encodes batches of them that are decoded already, before and
after the build. On a machine that does other work, compare CPU time and ratios: both sides suffer alike.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import torch

from benchmarks import building_table
from index_builder import BuildSettings, build_gallery, open_source
from index_builder.sources.entry import Entry, Source
from stnet.checkpoint import load_model
from stnet.gallery.encoding import embed
from stnet.pictures import open_picture, picture_to_rgb

SIZES = (256, 1_024)
ENCODER_BATCHES = 3  # before the build, and as many after it


class Repeated:
    """Pictures of a source, again under other ids, until there are `count`."""

    name = "repeated"

    def __init__(self, source: Source, count: int) -> None:
        self._source, self._count = source, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        rounds = (entry for _ in cycle([0]) for entry in self._source)
        for number, entry in enumerate(islice(rounds, self._count)):
            yield Entry(f"{number:08d}", entry.content)


def measure_size(options: argparse.Namespace) -> dict[str, Any]:
    """One row: build a gallery of `options.one` pictures in this process."""
    torch.set_num_threads(options.threads)
    loaded = load_model(options.checkpoint, torch.device("cpu"))
    source = Repeated(open_source(str(options.images)), options.one)
    settings = BuildSettings(batch_size=options.batch_size)
    first = list(islice(source, settings.batch_size))
    batch = [picture_to_rgb(open_picture(entry.content)) for entry in first if entry.content is not None]
    encoder: list[tuple[float, float]] = []

    def encode_alone() -> None:
        for _ in range(ENCODER_BATCHES):
            wall, cpu = time.perf_counter(), time.process_time()
            embed(loaded.model, loaded.processor, batch)
            taken = time.perf_counter() - wall, time.process_time() - cpu
            encoder.append((taken[0] / len(batch), taken[1] / len(batch)))

    embed(loaded.model, loaded.processor, batch)  # compiles, and reserves memory
    encode_alone()
    with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
        wall, cpu = time.perf_counter(), time.process_time()
        report = build_gallery(source, loaded, Path(folder) / "gallery", settings=settings)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    encode_alone()
    seconds, cpu_seconds = (statistics.median(part) for part in zip(*encoder, strict=True))
    return {
        "pictures": report.indexed,
        "build_ms": round(1000 * wall / report.indexed, 2),
        "encoder_ms": round(1000 * seconds, 2),
        "build_cpu_ms": round(1000 * cpu / report.indexed, 2),
        "encoder_cpu_ms": round(1000 * cpu_seconds, 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures; each size in a new process, whose memory is its own."""
    rows = []
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.building", "--one", str(size)]
        for name in ("images", "checkpoint", "threads", "batch_size", "scratch"):
            value = getattr(options, name)
            if value is not None:
                command += [f"--{name.replace('_', '-')}", str(value)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise ValueError(f"the build of {size} pictures failed")
        rows.append(json.loads(done.stdout))
    return {"kind": "building", "threads": options.threads, "batch": options.batch_size, "rows": rows}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 if something is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.building", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="pictures a gallery")
    parser.add_argument("--images", type=Path, default=Path("assets/gallery"), help="where they come from")
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"))
    parser.add_argument("--threads", type=int, default=2, help="of torch (2)")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--scratch", type=Path, help="where the galleries lie meanwhile")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--one", type=int, help="build one size in this process, and print its row as JSON")
    options = parser.parse_args(arguments)
    try:
        if options.one is not None:
            print(json.dumps(measure_size(options)))
            return 0
        figures = measure(options)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(building_table.markdown(figures))
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
