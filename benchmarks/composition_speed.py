"""``python -m benchmarks.composition_speed --bank data/bank``: scenes a second, and what takes the time.

One core is measured in CPU time, so that other work on the machine counts little; all cores together by the
clock. The peer, in the same run, is the least that a composed picture can cost in plain Pillow: a gradient
and three cut-outs pasted on it, without a place, without looking at what hides what, without boxes or labels.
"""

import argparse
import cProfile
import json
import os
import pstats
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from stnet.data.drawings.drawings import Sketcher
from stnet.data.objects import ObjectBank, shapes_bank
from stnet.data.scenes.composing import compose
from stnet.data.words.wording import describe

WARM_UP = 100  # scenes: cut-outs are prepared on first use
PEER_OBJECTS = 3
START_SECONDS = 300.0


def load_bank(folder: str | None) -> ObjectBank:
    """The bank of a folder, or the built-in shapes."""
    return shapes_bank() if folder is None else ObjectBank.load(Path(folder))


def milliseconds(make: Callable[[np.random.Generator], Any], count: int) -> float:
    """CPU time of one call, on the mean of `count`, after a warm-up."""
    for seed in range(WARM_UP):
        make(np.random.default_rng([1, seed]))
    start = time.process_time()
    for seed in range(count):
        make(np.random.default_rng([2, seed]))
    return 1000 * (time.process_time() - start) / count


def plain_picture(bank: ObjectBank, rng: np.random.Generator, size: int) -> np.ndarray:
    """The peer: a gradient with three cut-outs, (S, S, 3) uint8."""
    shades = rng.integers(0, 256, (2, 1, 3), dtype=np.uint8)
    picture = Image.fromarray(shades).resize((size, size), Image.Resampling.BILINEAR).convert("RGBA")
    for index in rng.integers(len(bank.categories), size=PEER_OBJECTS):
        cut_out = Image.fromarray(bank.cut_outs(bank.categories[index], held_out=False)[0].pixels)
        side = rng.uniform(0.25, 0.6) * size / max(cut_out.size)
        small = cut_out.resize([max(1, round(side * length)) for length in cut_out.size])
        left, top = (int(rng.integers(0, size - length + 1)) for length in small.size)
        picture.alpha_composite(small, (left, top))
    return np.asarray(picture.convert("RGB"))


def steps(bank: ObjectBank, size: int, count: int) -> dict[str, float]:
    """Share of the time (0..1) that each step of `compose` takes; the profiler makes Python's part larger."""
    profile = cProfile.Profile()
    for seed in range(count):
        rng = np.random.default_rng([3, seed])
        profile.runcall(compose, bank, rng, size=size, categories=bank.categories)
    stats = pstats.Stats(profile).get_stats_profile().func_profiles
    names = {"compose", "paint_place", "_arrange", "_shape", "_render", "_describe_objects"}
    total = {name: stats[name].cumtime for name in names}
    parts = {
        "paint the place": total["paint_place"],
        "cut the objects out": total["_shape"],
        "find room for them": total["_arrange"] - total["_shape"],
        "paste them": total["_render"],
        "describe them": total["_describe_objects"],
    }
    shares = {step: spent / total["compose"] for step, spent in parts.items()}
    return shares | {"the rest": 1 - sum(shares.values())}


def _compose_for(
    folder: str | None, size: int, seconds: float, number: int, start: Barrier, rates: "Queue[float]"
) -> None:
    """In a process of its own: report scenes a second by the clock, while the others do the same."""
    bank = load_bank(folder)

    def make() -> Iterator[Any]:
        for seed in range(10**9):
            rng = np.random.default_rng([4, number, seed])
            yield compose(bank, rng, size=size, categories=bank.categories)

    scenes = make()
    for _ in range(WARM_UP):
        next(scenes)
    start.wait(START_SECONDS)
    begin, count = time.perf_counter(), 0
    while time.perf_counter() < begin + seconds:
        next(scenes)
        count += 1
    rates.put(count / (time.perf_counter() - begin))


def rate_together(folder: str | None, size: int, seconds: float, processes: int) -> float:
    """Scenes a second by the clock of `processes` processes at once.

    Raises:
        RuntimeError: if one of them ended without a result.
    """
    context = get_context("spawn")
    start, rates = context.Barrier(processes), context.Queue()
    running = [
        context.Process(target=_compose_for, args=(folder, size, seconds, number, start, rates), daemon=True)
        for number in range(processes)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
    failed = [process.exitcode for process in running if process.exitcode]
    if failed:
        raise RuntimeError(f"{len(failed)} of {processes} processes failed; see their messages above")
    return sum(rates.get() for _ in running)


def measure(folder: str | None, size: int, count: int, seconds: float, processes: int) -> dict[str, Any]:
    """All figures of the table, as plain numbers."""
    bank = load_bank(folder)
    sketcher = Sketcher()

    def scene_with_query(rng: np.random.Generator) -> None:
        scene = compose(bank, rng, size=size, categories=bank.categories)
        describe(scene, 0, rng)
        sketcher.sketch(scene.objects[0].cut_out, rng, held_out=False)

    scene = milliseconds(lambda rng: compose(bank, rng, size=size, categories=bank.categories), count)
    peer = milliseconds(lambda rng: plain_picture(bank, rng, size), count)
    return {
        "size": size,
        "scene_ms": scene,
        "scene_with_query_ms": milliseconds(scene_with_query, count),
        "peer_ms": peer,
        "ratio_to_peer": scene / peer,
        "scenes_per_second_one_core": 1000 / scene,
        "processes": processes,
        "scenes_per_second_together": rate_together(folder, size, seconds, processes),
        "steps": steps(bank, size, count),
    }


def table(figures: dict[str, Any]) -> str:
    """The figures as lines for a person."""
    lines = [
        f"{figures['size']} px, one core (CPU time):",
        f"  a scene                    {figures['scene_ms']:6.2f} ms"
        f"   {figures['scenes_per_second_one_core']:6.0f} a second",
        f"  a scene with one query     {figures['scene_with_query_ms']:6.2f} ms",
        f"  the peer, a plain picture  {figures['peer_ms']:6.2f} ms"
        f"   the scene costs {figures['ratio_to_peer']:.1f} times as much",
        "",
        f"{figures['processes']} processes at once (by the clock): "
        f"{figures['scenes_per_second_together']:.0f} scenes a second",
        "",
        "What a scene's time goes to:",
        *(f"  {step:20} {100 * share:4.0f} %" for step, share in figures["steps"].items()),
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.composition_speed", description=__doc__)
    parser.add_argument("--bank", help="folder made by stnet.data.objects (the built-in shapes)")
    parser.add_argument("--size", type=int, default=128, help="pixels on a side (128)")
    parser.add_argument("--scenes", type=int, default=1000, help="scenes for every mean (1000)")
    parser.add_argument("--seconds", type=float, default=5.0, help="of all processes at once (5)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once (one a core)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    if min(options.scenes, options.processes, options.seconds) <= 0:
        parser.error("--scenes, --processes and --seconds must be positive")
    try:
        figures = measure(options.bank, options.size, options.scenes, options.seconds, options.processes)
    except (FileNotFoundError, ValueError) as error:
        parser.error(str(error))
    print(table(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
