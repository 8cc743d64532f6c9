"""Photos for training, made light.

Training sees 128 pixels of a crop: photos of a shorter side of about 144 lose little and weigh a tenth. Names
stay, folders included, and with them which photos are held out; those are left behind.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from stnet.data.photos import Photo, read_photo

SHORTER_SIDE = 144
QUALITY = 60


def write_smaller(photos: Iterable[Photo], out: Path, side: int, quality: int) -> int:
    """Write the photos that are not held out, and what is known of them, as photos.jsonl beside images/.

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
            if photo.name in written:
                raise ValueError(f"two photos are called {photo.name}: a smaller copy can't hold both")
            written.add(photo.name)
            target = out / "images" / photo.name
            target.parent.mkdir(parents=True, exist_ok=True)
            width, height = _write(photo.path, target, side, quality)
            listing.write(json.dumps(_row(photo, width, height)) + "\n")
    return len(written)


def _write(source: Path, target: Path, side: int, quality: int) -> tuple[int, int]:
    picture = read_photo(source)
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
        "file": photo.name,
        "width": width,
        "height": height,
        "objects": objects,
        "captions": list(photo.captions),
        "labels": list(photo.labels),
    }
