"""``python -m stnet.export --run runs/joint --out assets/checkpoint``: ship a run at half its size."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from stnet.checkpoint import export
from stnet.command_line import exit_code


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 with the reason on one line."""
    parser = argparse.ArgumentParser(prog="python -m stnet.export", description=__doc__)
    parser.add_argument("--run", required=True, type=Path, help="folder that stnet.train wrote")
    parser.add_argument("--out", required=True, type=Path, help="folder of the checkpoint to ship")
    parser.add_argument(
        "--sketch-share", type=float, help="of a query with words, how much of its drawing counts (the run's)"
    )
    options = parser.parse_args(None if arguments is None else list(arguments))
    return exit_code(lambda: export(options.run, options.out, options.sketch_share))


if __name__ == "__main__":
    raise SystemExit(main())
