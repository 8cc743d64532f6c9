"""``python -m stnet.training.halfway --before RUN --after RUN --out FOLDER``: between two runs' weights.

A run that goes on from another learns the new and forgets some of the old. On the straight line between both
sets of weights lie models that keep most of either (Wortsman et al., "Robust fine-tuning of zero-shot
models", arXiv 2109.01903).
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import torch

from stnet.checkpoint import load_as_trained
from stnet.command_line import exit_code

CPU = torch.device("cpu")


def run(before: Path, after: Path, share: float, out: Path) -> str:
    """Write the model that lies `share` (0..1) of the way from `before` to `after`; what to print.

    Raises:
        ValueError: if the share is out of its range, or a run is missing or of another shape.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"--share must be in 0..1, got {share}")
    first, last = load_as_trained(before, CPU), load_as_trained(after, CPU)
    old, new = first.model.state_dict(), last.model.state_dict()
    # a head that names drawings is learned afterwards
    shapes = [{n: v.shape for n, v in part.items() if "naming_head" not in n} for part in (old, new)]
    if shapes[0] != shapes[1]:
        names = sorted(name for name, _ in shapes[0].items() ^ shapes[1].items())
        raise ValueError(
            f"{before} and {after} are models of different shapes: {', '.join(names[:3])} for one"
        )
    for name in shapes[0]:
        if new[name].is_floating_point():
            new[name] = torch.lerp(old[name], new[name], share)
    last.model.load_state_dict(new)
    last.model.save_pretrained(out)
    last.processor.save_pretrained(out)
    return f"{out}: {share:g} of the way from {before} to {after}"


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if a run is missing or the two don't fit."""
    parser = argparse.ArgumentParser(prog="python -m stnet.training.halfway", description=__doc__)
    parser.add_argument("--before", type=Path, required=True, help="folder of the run that began")
    parser.add_argument("--after", type=Path, required=True, help="folder of the run that went on from it")
    parser.add_argument("--share", type=float, default=0.5, help="how far towards the later run (0.5)")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(None if arguments is None else list(arguments))
    return exit_code(lambda: print(run(options.before, options.after, options.share, options.out)))


if __name__ == "__main__":
    raise SystemExit(main())
