"""Systems by name: NAME is a file of configs/systems, its field `system` is one of the classes below."""

from importlib import import_module
from pathlib import Path
from typing import Any

from stnet.checkpoint import LoadedModel
from stnet.systems.interface import System
from stnet.training.inheriting import read_fields

CONFIGS = Path(__file__).resolve().parents[2] / "configs/systems"
# imported when it is built: one system's needs (scikit-learn) are no other's
SYSTEMS = {
    "stnet": "stnet.systems.stnet:STNetSystem",
    "text-only": "stnet.systems.text_only:TextOnly",
    "sketch-only": "stnet.systems.sketch_only:SketchOnly",
    "average": "stnet.systems.average:Average",
    "two-stage": "stnet.systems.two_stage:TwoStage",
    "two-stage-description": "stnet.systems.two_stage_description:TwoStageDescription",
    "concat": "stnet.systems.concat.system:Concat",
    "duet": "stnet.systems.duet.system:Duet",
    "clusters": "stnet.systems.clusters:ClusterSearch",
    "zse": "stnet.systems.zse.system:Zse",
    "zse-clusters": "stnet.systems.zse.clusters:ZseClusters",
}


def system_names(configs: Path = CONFIGS) -> list[str]:
    """What `build_system` builds, in the order of SYSTEMS, then by name."""
    order = list(SYSTEMS)
    names = {path.stem for path in configs.glob("*.yaml")}
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))


def seed_folder(trained: str, seed: int) -> str:
    """Where a training with this seed leaves what it learned, below a configuration's folder `trained`."""
    return f"{trained}/seed-{seed}"


def configured(name: str, configs: Path = CONFIGS) -> tuple[type[System], dict[str, Any]]:
    """The class and the fields of configs/systems/NAME.yaml.

    Raises:
        ValueError: if there is no such file, or it names no system.
    """
    if name not in system_names(configs):
        raise ValueError(f"there is no system {name!r}; there are {', '.join(system_names(configs))}")
    path = configs / f"{name}.yaml"
    fields = read_fields(path)
    kind = fields.pop("system", None)
    if kind not in SYSTEMS:
        raise ValueError(f"{path}: system must be one of {', '.join(SYSTEMS)}; got {kind!r}")
    module, _, attribute = SYSTEMS[kind].partition(":")
    system: type[System] = getattr(import_module(module), attribute)
    return system, fields


def build_system(name: str, loaded: LoadedModel, configs: Path = CONFIGS, seed: int = 0) -> System:
    """The system that configs/systems/NAME.yaml describes, over a checkpoint's networks.

    Args:
        seed: which of its trainings, if it has a folder `trained`.

    Raises:
        ValueError: if there is no such file, it names no system, or the system can't be built as it says.
    """
    system, fields = configured(name, configs)
    if isinstance(fields.get("trained"), str):
        fields["trained"] = seed_folder(fields["trained"], seed)
    try:
        return system.build(loaded, fields)
    except ValueError as error:
        raise ValueError(f"{configs / f'{name}.yaml'}: {error}") from error
