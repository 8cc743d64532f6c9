"""``python -m stnet.export --run runs/joint --out assets/checkpoint``: ship a run at half its size."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import torch

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor


def export(run: Path, target: Path) -> None:
    """Write a run's model with its weights as float16, to be loaded as float32 again.

    Rounding to 11 significant bits hardly moves scores (a test bounds it) and halves what everybody
    downloads. Other files in `target` (the model card) stay.

    Raises:
        ValueError: if `run` holds no checkpoint, or a weight doesn't fit float16.
    """
    if not (run / "config.json").is_file():
        raise ValueError(f"{run} is not a checkpoint: it has no config.json")
    model = STNetModel.from_pretrained(run, dtype=torch.float32)
    for name, value in model.state_dict().items():
        if value.is_floating_point() and not torch.isfinite(value.half()).all():
            raise ValueError(f"{name} has values that float16 can't hold")
    processor = STNetProcessor.from_pretrained(run)
    for old in [*target.glob("*.safetensors"), *target.glob("*.safetensors.index.json")]:
        old.unlink()
    model.half().save_pretrained(target, max_shard_size="15MB")
    model.config.dtype = torch.float32  # what from_pretrained takes unless told otherwise
    model.config.save_pretrained(target)
    processor.save_pretrained(target)


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 with the reason on one line."""
    parser = argparse.ArgumentParser(prog="python -m stnet.export", description=__doc__)
    parser.add_argument("--run", required=True, type=Path, help="folder that stnet.train wrote")
    parser.add_argument("--out", required=True, type=Path, help="folder of the checkpoint to ship")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        export(options.run, options.out)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
