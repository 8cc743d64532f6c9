"""``python -m stnet.systems.train --config configs/systems/concat.yaml``: train a system apart from STNET.

The field `training` says how, with the fields of a joint run (stnet/training/config.py); what it learns goes
to the folder `weights`. Systems over STNET's towers alone are trained by stnet.train.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stnet.checkpoint import ASSETS
from stnet.command_line import exit_code
from stnet.systems.concat.system import required_text
from stnet.systems.concat.training import train_concat
from stnet.training.build import prepare
from stnet.training.config import RunError, TrainConfig
from stnet.training.inheriting import read_fields
from stnet.training.stages.joint import JointStage

TRAINED = ("concat",)
FROZEN = ["image_tower.backbone", "sketch_tower"]  # what a pool needs


def run_of(fields: dict[str, Any], checkpoint: Path) -> tuple[TrainConfig, int]:
    """The joint run whose batches and pool a system learns from, and the width of its embedding.

    Raises:
        ValueError: if the system isn't one that is trained here, or a field is unknown or makes no sense.
    """
    if fields.get("system") not in TRAINED:
        raise ValueError(
            f"system must be one that is trained here ({TRAINED[0]}), got {fields.get('system')!r}"
        )
    training = fields.get("training")
    if not isinstance(training, dict):
        raise ValueError(f"training must hold the fields of a run, got {training!r}")
    training = dict(training)
    embedding = training.pop("embedding", 512)
    if not isinstance(embedding, int) or embedding < 1:
        raise ValueError(f"embedding must be a whole number from 1, got {embedding!r}")
    fixed: dict[str, Any] = {"stage": "joint", "output": required_text(fields, "weights"), "frozen": FROZEN}
    taken = sorted(training.keys() & {*fixed, "start"})
    if taken:
        raise ValueError(f"{', '.join(taken)} can't be set in training: the system says so itself")
    try:
        return TrainConfig(**fixed, start={"all": str(checkpoint)}, **training), embedding
    except TypeError as error:
        raise RunError(f"training: {error}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when the weights are written, 2 for what can't be done as configured."""
    parser = argparse.ArgumentParser(prog="python -m stnet.systems.train", description=__doc__)
    parser.add_argument("--config", required=True, type=Path, metavar="FILE.yaml")
    parser.add_argument(
        "--checkpoint", type=Path, default=ASSETS / "checkpoint", help="whose networks it begins with"
    )
    parser.add_argument("--steps", type=int, help="at most this many steps")
    parser.add_argument("--minutes", type=float, help="at most this many minutes of training")
    options = parser.parse_args(arguments)

    def work() -> None:
        config, embedding = run_of(read_fields(options.config), options.checkpoint)
        config = config.limited(options.steps, options.minutes)
        stage = prepare(config)
        assert isinstance(stage, JointStage)  # what a joint run is
        train_concat(stage, config, embedding).save(Path(config.output))

    return exit_code(work)


if __name__ == "__main__":
    raise SystemExit(main())
