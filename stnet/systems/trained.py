"""The systems that one seed trained on the shared pool, and what each sees of a suite."""

from collections.abc import Sequence
from pathlib import Path

import torch

from stnet.checkpoint import load_model
from stnet.systems.concat.system import required_text
from stnet.systems.interface import System
from stnet.systems.measuring import Seen
from stnet.systems.registry import CONFIGS, build_system, seed_folder
from stnet.systems.shared.suite import FrozenSuite
from stnet.training.inheriting import read_fields


def trained_towers(seeds: Sequence[int]) -> dict[int, Path]:
    """Where each seed's STNET is, over whose towers others search. Raises ValueError if one is missing."""
    trained = required_text(read_fields(CONFIGS / "training/stnet.yaml"), "trained")
    folders = {seed: Path(seed_folder(trained, seed)) for seed in seeds}
    missing = [str(folder) for folder in folders.values() if not (folder / "config.json").is_file()]
    if missing:
        raise ValueError(f"no trained STNET in {', '.join(missing)}: run `make systems`")
    return folders


def trained_systems(
    towers: Path, seed: int, names: Sequence[str], on: FrozenSuite
) -> dict[str, tuple[System, Seen]]:
    """The systems by name, and what each sees; systems with equal encoders share it."""
    loaded = load_model(towers, torch.device("cpu"))
    systems = {name: build_system(name, loaded, seed=seed) for name in names}
    views = {
        encoder: on.seen_by(encoder) for encoder in {system.encoder: None for system in systems.values()}
    }
    return {name: (system, views[system.encoder]) for name, system in systems.items()}
