"""The systems that one seed trained on the shared pool, and what each sees of a suite."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

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


def own_towers(name: str, seed: int, configs: Path = CONFIGS / "training") -> Path | None:
    """The folder of towers that were trained for this system alone; None where it has the seed's STNET's."""
    path = configs / f"{name}.yaml"
    if not path.is_file():
        return None
    folder = Path(seed_folder(required_text(read_fields(path), "trained"), seed))
    return folder if (folder / "config.json").is_file() else None


class Trained(NamedTuple):
    """A system as one seed trained it, and what it sees of a suite.

    Attributes:
        alone: whether its towers were trained for it; else they are STNET's.
    """

    system: System
    seen: Seen
    alone: bool


def trained_systems(
    towers: Path, seed: int, names: Sequence[str], on: FrozenSuite, configs: Path = CONFIGS / "training"
) -> dict[str, Trained]:
    """The systems by name, over `towers` where they have none of their own; equal encoders see but once."""
    own = {name: own_towers(name, seed, configs) or towers for name in names}
    loaded = {folder: load_model(folder, torch.device("cpu")) for folder in set(own.values())}
    systems = {name: build_system(name, loaded[folder], seed=seed) for name, folder in own.items()}
    views = {
        encoder: on.seen_by(encoder) for encoder in {system.encoder: None for system in systems.values()}
    }
    return {
        name: Trained(system, views[system.encoder], own[name] != towers) for name, system in systems.items()
    }
