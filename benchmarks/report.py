"""``python -m benchmarks.report docs/results``: make the tables of its README.md from the JSON beside it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.results_page import PAGE, filled, read_runs


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0; 1 if --check finds other tables than the runs make; 2 if something is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("folder", type=Path, help=f"{PAGE} and the runs' JSON files")
    parser.add_argument("--check", action="store_true", help="only say whether the tables are the runs'")
    options = parser.parse_args(arguments)
    path = options.folder / PAGE
    try:
        page = path.read_text(encoding="utf-8")
        made = filled(page, read_runs(options.folder))
        if options.check and made != page:
            print(f"{path} has other tables than its runs: run `make results`", file=sys.stderr)
            return 1
        if made != page:
            path.write_text(made, encoding="utf-8")
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
