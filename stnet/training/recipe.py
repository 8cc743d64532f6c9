"""A recipe: a folder of configurations that are run one after the other, each from what came before."""

import re
from collections.abc import Sequence
from pathlib import Path

from stnet.checkpoint import export
from stnet.training.build import prepare
from stnet.training.config import RunError, TrainConfig
from stnet.training.gathering import process_number
from stnet.training.loop import Trainer

STEP_NAME = re.compile(r"(\d+)-.+\.yaml")


def step_files(folder: Path) -> list[Path]:
    """The steps of a recipe in their order: files such as 1-sketch.yaml; others are what these inherit from.

    Raises:
        RunError: if there are none, or two have the same number.
    """
    numbered: dict[int, Path] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        match = STEP_NAME.fullmatch(path.name)
        if match is None:
            continue
        number = int(match[1])
        if number in numbered:
            raise RunError(f"{numbered[number]} and {path.name} are both step {number}")
        numbered[number] = path
    if not numbered:
        raise RunError(f"{folder} is no recipe: it has no files such as 1-sketch.yaml")
    return [numbered[number] for number in sorted(numbered)]


def read_recipe(folder: Path) -> list[TrainConfig]:
    """All runs of a recipe, read before the first begins.

    Raises:
        RunError: if one of them makes no sense, or they can't follow each other in one process.
    """
    configs = [TrainConfig.read(path) for path in step_files(folder)]
    if len({config.output for config in configs}) < len(configs):
        raise RunError(f"{folder}: every step needs an output of its own")
    precisions = sorted({config.mixed_precision for config in configs})
    if len(precisions) > 1:  # accelerate keeps to one in a process
        raise RunError(f"{folder}: all steps need one mixed_precision, got {' and '.join(precisions)}")
    return configs


def run(configs: Sequence[TrainConfig], target: Path | None = None) -> None:
    """Train one after the other. Killed, it goes on where it was: a run that is complete is so at once.

    Args:
        target: folder that the last run's checkpoint is exported to, if any.

    Raises:
        ValueError, OSError: if data or weights are missing or don't fit, or a loss stops being a number.
        StepError: for a fault inside a step.
    """
    for config in configs:
        stage = prepare(config)
        trainer = Trainer(stage, stage.config)
        trainer.run()
        trainer.accelerator.wait_for_everyone()  # the next run may read what the main process writes
    if target is not None and process_number() == 0:
        export(Path(configs[-1].output), target)
