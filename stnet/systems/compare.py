"""``python -m stnet.systems.compare --suite scenes-1k --seeds 0 1``: the trained systems, beside each other.

All were trained on one shared pool with one budget (`make systems`). The suite is made and seen once, by the
frozen networks; each seed's STNET is what the systems over its towers search with, unless there are towers
that were trained for a system alone.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from stnet.checkpoint import load_model
from stnet.command_line import exit_code
from stnet.evaluation.suites.opening import SUITES, add_data_arguments, open_suite
from stnet.systems.concat.system import required_text
from stnet.systems.measuring import measure_system, modalities
from stnet.systems.registry import CONFIGS, build_system, seed_folder, system_names
from stnet.systems.shared.pool import SharedPool
from stnet.systems.shared.suite import FrozenSuite, freeze_suite
from stnet.systems.table import compared
from stnet.training.inheriting import read_fields


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m stnet.systems.compare", description=__doc__)
    parser.add_argument("--suite", required=True, choices=SUITES)
    parser.add_argument("--pool", type=Path, default=Path("runs/systems/pool"), help="what all learned from")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1], help="the trainings (0 1)")
    parser.add_argument(
        "--systems", nargs="+", choices=system_names(), default=system_names(), help="which (all)"
    )
    parser.add_argument("--images", type=int, help="only the first so many pictures: a quick look, no result")
    parser.add_argument("--workers", type=int, default=2, help="processes that make pictures (2)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    add_data_arguments(parser)
    options = parser.parse_args(list(arguments))
    options.command = " ".join(["python -m stnet.systems.compare", *arguments])
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Figures of every system that can answer the suite. Raises ValueError or OSError for what is missing."""
    pool = SharedPool.read(options.pool)
    trained = required_text(read_fields(CONFIGS / "training/stnet.yaml"), "trained")
    folders = {seed: Path(seed_folder(trained, seed)) for seed in options.seeds}
    missing = [str(folder) for folder in folders.values() if not (folder / "config.json").is_file()]
    if missing:
        raise ValueError(f"no trained STNET in {', '.join(missing)}: run `make systems`")
    on = freeze_suite(pool, open_suite(options), workers=options.workers)
    return {
        "kind": "compared systems",
        "command": options.command,
        "suite": on.asked.name,
        "steps": len(pool),
        "batch_size": pool.made_of["batch_size"],
        "runs": {str(seed): _figures(folder, seed, options.systems, on) for seed, folder in folders.items()},
    }


def _figures(folder: Path, seed: int, names: Sequence[str], on: FrozenSuite) -> dict[str, Any]:
    towers = {name: own_towers(name, seed) or folder for name in names}
    loaded = {path: load_model(path, torch.device("cpu")) for path in towers.values()}
    systems = {name: build_system(name, loaded[towers[name]], seed=seed) for name in names}
    seen = {system.encoder: None for system in systems.values()}
    views = {encoder: on.seen_by(encoder) for encoder in seen}
    return {
        name: measure_system(system, on.asked, views[system.encoder])
        | {"trained alone": towers[name] != folder}
        for name, system in systems.items()
        if modalities(system, on.asked)
    }


def own_towers(name: str, seed: int, configs: Path = CONFIGS / "training") -> Path | None:
    """The folder of towers that were trained for this system alone; None where it has the seed's STNET's."""
    path = configs / f"{name}.yaml"
    if not path.is_file():
        return None
    folder = Path(seed_folder(required_text(read_fields(path), "trained"), seed))
    return folder if (folder / "config.json").is_file() else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 if something that the measurement needs is missing."""
    options = parse_arguments(sys.argv[1:] if arguments is None else list(arguments))

    def work() -> None:
        figures = run(options)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(compared(figures))

    return exit_code(work)


if __name__ == "__main__":
    raise SystemExit(main())
