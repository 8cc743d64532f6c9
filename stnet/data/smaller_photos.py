"""``python -m stnet.data.smaller_photos --photos FOLDER --out FOLDER``: photos for training, made light

Training sees 128 pixels of a crop: photos of a shorter side of about 144 lose little and weigh a tenth. Names
stay, and with them which photos are held out; those are left behind.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.data.photos import Photo, load_photos

SHORTER_SIDE = 144
QUALITY = 60


def write_smaller(photos: Iterable[Photo], out: Path, side: int, quality: int) -> int:
    """Write the photos that are not held out, their boxes and captions, as photos.jsonl beside images/.

    Args:
        side: of the shorter side at most, in pixels.
        quality: of the JPEGs, 1..95.

    Returns:
        How many were written.

    Raises:
        ValueError: if two photos have one name, or `out` holds something already.
    """
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"{out} is not empty: choose another folder, nothing was written")
    (out / "images").mkdir(parents=True)
    written: set[str] = set()
    with (out / "photos.jsonl").open("w", encoding="utf-8") as listing:
        for photo in photos:
            if photo.held_out:
                continue
            if photo.path.name in written:
                raise ValueError(f"two photos are called {photo.path.name}: a smaller copy can't hold both")
            written.add(photo.path.name)
            width, height = _write(photo.path, out / "images" / photo.path.name, side, quality)
            listing.write(json.dumps(_row(photo, width, height)) + "\n")
    return len(written)


def _write(source: Path, target: Path, side: int, quality: int) -> tuple[int, int]:
    with Image.open(source) as file:
        picture = file.convert("RGB")
    scale = min(1.0, side / min(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    picture.resize(size, Image.Resampling.LANCZOS).save(target, format="JPEG", quality=quality)
    return size


def _row(photo: Photo, width: int, height: int) -> dict[str, object]:
    objects = [
        {
            "category": entry.category,
            "bbox": [
                round(entry.box[0] * width, 2),
                round(entry.box[1] * height, 2),
                round((entry.box[2] - entry.box[0]) * width, 2),
                round((entry.box[3] - entry.box[1]) * height, 2),
            ],
        }
        for entry in photo.objects
    ]
    return {
        "file": photo.path.name,
        "width": width,
        "height": height,
        "objects": objects,
        "captions": list(photo.captions),
    }


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
    try:
        if options.side < 1 or not 1 <= options.quality <= 95:
            raise ValueError(
                f"expected a side above 0 and a quality in 1..95, got {options.side} and {options.quality}"
            )
        photos = load_photos(options.photos)
        count = write_smaller(tqdm(photos, unit="photo"), options.out, options.side, options.quality)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{count} photos in {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
