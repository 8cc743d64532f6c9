"""``python -m stnet.data.smaller_photos``: see its --help."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.command_line import exit_code
from stnet.data.photos import load_photos
from stnet.data.smaller_photos.copies import QUALITY, SHORTER_SIDE, write_smaller


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if the photos can't be read or written."""
    parser = argparse.ArgumentParser(prog="python -m stnet.data.smaller_photos", description=__doc__)
    parser.add_argument(
        "--photos", type=Path, required=True, help="photos with boxes, see stnet/data/photos.py"
    )
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    parser.add_argument("--side", type=int, default=SHORTER_SIDE, help="shorter side in pixels (144)")
    parser.add_argument("--quality", type=int, default=QUALITY, help="of the JPEGs, 1..95 (60)")
    options = parser.parse_args(None if arguments is None else list(arguments))

    def work() -> None:
        if options.side < 1 or not 1 <= options.quality <= 95:
            raise ValueError(
                f"expected a side above 0 and a quality in 1..95, got {options.side} and {options.quality}"
            )
        photos = load_photos(options.photos)
        count = write_smaller(tqdm(photos, unit="photo"), options.out, options.side, options.quality)
        print(f"{count} photos in {options.out}")

    return exit_code(work)


if __name__ == "__main__":
    raise SystemExit(main())
