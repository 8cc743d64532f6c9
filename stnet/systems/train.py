"""``python -m stnet.systems.train --config configs/systems/concat.yaml``: train a system on the shared pool.

All systems learn from one pool (stnet.systems.make_pool), in the same batches; what they learn goes to the
folder `trained` of their configuration, a folder each seed. Systems over STNET's towers come with it; those
of one half have towers of their own, too (configs/systems/training).
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stnet.command_line import exit_code
from stnet.systems.concat.crops import read_crops
from stnet.systems.concat.system import required_text
from stnet.systems.concat.training import train_concat
from stnet.systems.duet.training import train_duet
from stnet.systems.registry import seed_folder
from stnet.systems.shared.learning import read_schedule
from stnet.systems.shared.pool import SharedPool
from stnet.systems.shared.stnet_run import train_stnet
from stnet.systems.zse.training import train_zse
from stnet.training.inheriting import read_fields

OVER_TOWERS = ("stnet", "text-only", "sketch-only")  # STNET's losses, which weights choose among
TRAINED = (*OVER_TOWERS, "concat", "duet", "zse")
TARGETS = ("pictures", "crops")  # of Concat


def train(fields: Mapping[str, Any], pool: SharedPool, seed: int) -> Path:
    """Train the system of a configuration; the folder that holds what it learned.

    Raises:
        ValueError: if it isn't one that is trained here, or a field makes no sense.
    """
    kind, schedule = fields.get("system"), read_schedule(fields.get("schedule"))
    folder = Path(seed_folder(required_text(fields, "trained"), seed))
    if kind in OVER_TOWERS:
        train_stnet(pool, schedule, fields.get("weights") or {}, seed, folder, names=kind == "stnet")
    elif kind == "concat":
        embedding = fields.get("embedding")
        if not isinstance(embedding, int) or embedding < 1:
            raise ValueError(f"embedding must be a whole number from 1, got {embedding!r}")
        targets = fields.get("targets", "pictures")
        if targets not in TARGETS:
            raise ValueError(f"targets must be {' or '.join(TARGETS)}, got {targets!r}")
        crops = read_crops(pool) if targets == "crops" else None
        train_concat(pool, schedule, embedding, seed, folder, crops=crops)
    elif kind == "duet":
        train_duet(pool, schedule, fields.get("weights") or {}, seed, folder)
    elif kind == "zse":
        train_zse(pool, schedule, seed, folder)
    else:
        raise ValueError(f"system must be one that is trained here ({', '.join(TRAINED)}), got {kind!r}")
    return folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when the weights are written, 2 for what can't be done as configured."""
    parser = argparse.ArgumentParser(prog="python -m stnet.systems.train", description=__doc__)
    parser.add_argument("--config", required=True, type=Path, metavar="FILE.yaml")
    parser.add_argument("--pool", type=Path, default=Path("runs/systems/pool"), help="what it learns from")
    parser.add_argument("--seed", type=int, default=0, help="of the new weights and the batches' order (0)")
    options = parser.parse_args(arguments)

    def work() -> None:
        fields = read_fields(options.config)
        print(train(fields, SharedPool.read(options.pool), options.seed))

    return exit_code(work)


if __name__ == "__main__":
    raise SystemExit(main())
