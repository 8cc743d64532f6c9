"""``python -m stnet.data.gallery_photos --out data/gallery-photos``: photographs out of Debian packages.

Needs apt-get and dpkg, installs nothing. `make gallery` calls it and makes the galleries.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.command_line import exit_code
from stnet.data.gallery_photos.finding import FINDERS
from stnet.data.gallery_photos.packages import unpack
from stnet.data.gallery_photos.writing import write_photos


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if a package is missing or not what is expected."""
    parser = argparse.ArgumentParser(prog="python -m stnet.data.gallery_photos", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("data/gallery-photos"), help="a new folder")
    parser.add_argument(
        "--packages",
        type=Path,
        default=Path("data/packages"),
        help="where the .deb files are kept (data/packages)",
    )
    options = parser.parse_args(None if arguments is None else list(arguments))
    return exit_code(lambda: _make(options.packages, options.out))


def _make(downloads: Path, out: Path) -> None:
    with TemporaryDirectory() as temporary:
        versions, found = {}, []
        for package, find in tqdm(FINDERS.items(), unit="package", file=sys.stderr):
            folder = Path(temporary, package)
            versions[package] = unpack(package, downloads, folder)
            found += list(find(folder))
    count, left_out = write_photos(tqdm(found, unit="photo", file=sys.stderr), versions, out)
    print(f"{count} photographs in {out}")
    for path in left_out:
        print(f"left out, nobody is named for it: {path}")


if __name__ == "__main__":
    raise SystemExit(main())
