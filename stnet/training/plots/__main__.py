"""``python -m stnet.training.plots``: see its --help."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from stnet.command_line import exit_code
from stnet.training.plots.drawing import plot


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 with the reason on one line."""
    parser = argparse.ArgumentParser(prog="python -m stnet.training.plots", description=__doc__)
    parser.add_argument("run", type=Path, metavar="RUN", help="folder that stnet.train wrote")
    options = parser.parse_args(None if arguments is None else list(arguments))
    return exit_code(lambda: print(plot(options.run)))


if __name__ == "__main__":
    raise SystemExit(main())
