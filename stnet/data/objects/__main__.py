"""``python -m stnet.data.objects``: see its --help."""

import argparse
import tempfile
from pathlib import Path

from stnet.command_line import exit_code
from stnet.data.objects.stamps import PACKAGE, download_package, unpack_package, write_bank


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, or 2 if there are no stamps or the bank can't be written."""
    parser = argparse.ArgumentParser(
        prog="python -m stnet.data.objects",
        description=f"Make the bank of cut-out objects from Debian's {PACKAGE} (GPL-2).",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write, for example data/bank")
    parser.add_argument(
        "--stamps", type=Path, help="an unpacked package or a .deb; without it the package is downloaded"
    )
    options = parser.parse_args(arguments)
    return exit_code(lambda: _make(options.stamps, options.out))


def _make(stamps: Path | None, out: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        bank = write_bank(_root(stamps, Path(temporary)), out)
    print(f"{out}: {len(bank)} cut-outs in {len(bank.categories)} categories")


def _root(stamps: Path | None, temporary: Path) -> Path:
    if stamps is not None and stamps.is_dir():
        return stamps
    if stamps is not None and not stamps.is_file():
        raise ValueError(f"--stamps {stamps}: no such folder or file")
    package = stamps if stamps is not None else download_package(temporary)
    unpacked = temporary / "unpacked"
    unpacked.mkdir()
    unpack_package(package, unpacked)
    return unpacked


if __name__ == "__main__":
    raise SystemExit(main())
