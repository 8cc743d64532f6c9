"""``python -m stnet.export --run runs/joint --out assets/checkpoint``: ship a run at half its size.

``python -m stnet.export --onnx assets/checkpoint``: its towers for ONNX Runtime, before a server starts.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import torch

from stnet.cache import cache_folder
from stnet.checkpoint import export, load_model
from stnet.command_line import exit_code
from stnet.onnx.exporting import export_towers
from stnet.onnx.keeping import keep_networks


def _export_onnx(checkpoint: str) -> None:
    loaded = load_model(checkpoint, torch.device("cpu"))
    print(keep_networks(cache_folder(), loaded.fingerprint, export_towers(loaded.model)))


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 with the reason on one line."""
    parser = argparse.ArgumentParser(prog="python -m stnet.export", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--run", type=Path, help="folder that stnet.train wrote; --out says where it goes")
    what.add_argument(
        "--onnx",
        metavar="CHECKPOINT",
        help="folder or owner/name@revision: keep its towers as ONNX networks in $STNET_CACHE",
    )
    parser.add_argument("--out", type=Path, help="folder of the checkpoint to ship")
    parser.add_argument(
        "--sketch-share", type=float, help="of a query with words, how much of its drawing counts (the run's)"
    )
    parser.add_argument(
        "--names-share", type=float, help="how much of what a drawing is taken for counts as said (the run's)"
    )
    parser.add_argument(
        "--image-sizes",
        type=int,
        nargs="+",
        metavar="PIXELS",
        help="sides at which pictures are seen, in as many patches (the run's); patches are the mean",
    )
    options = parser.parse_args(None if arguments is None else list(arguments))
    if options.onnx is not None:
        return exit_code(lambda: _export_onnx(options.onnx))
    if options.out is None:
        parser.error("--run needs --out")
    return exit_code(
        lambda: export(
            options.run, options.out, options.sketch_share, options.names_share, options.image_sizes
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())
