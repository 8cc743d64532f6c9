"""Real photographs with boxes: a folder of pictures and a JSON Lines file that says what is where.

One line a photo: ``{"file": "a.jpg", "width": 640, "height": 480, "objects": [...]}``, an object being
``{"category": "dog", "bbox": [x, y, width, height]}`` in pixels of the picture; pictures lie in ``images/``
beside ``photos.jsonl``.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance

HELD_OUT_SHARE = 0.15


@dataclass(frozen=True)
class PhotoObject:
    """A box on a photo: `category`, and `box` as x0, y0, x1, y1 in 0..1 of the picture."""

    category: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Photo:
    """A photo, what is on it, and whether it is kept from training."""

    path: Path
    objects: tuple[PhotoObject, ...]
    captions: tuple[str, ...]
    held_out: bool


def is_held_out(name: str, share: float = HELD_OUT_SHARE) -> bool:
    """Whether a file is kept from training: decided by its name alone, so that no list has to be kept."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) < share * 0xFFFFFFFF


def load_photos(folder: Path) -> list[Photo]:
    """Read photos.jsonl; objects whose box lies outside the picture or is empty are left out.

    Raises:
        ValueError: if the file is missing or a line isn't in the form above; the text names the line.
    """
    listing = folder / "photos.jsonl"
    try:
        lines = listing.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ValueError(
            f"can't read {listing} ({error.strerror}): expected photos.jsonl beside images/"
        ) from error
    photos = []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            width, height = float(row["width"]), float(row["height"])
            found = [_photo_object(entry, width, height) for entry in row.get("objects", [])]
            name = str(row["file"])
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise ValueError(f"{listing}, line {number}: not a photo's description ({error!r})") from error
        objects = tuple(entry for entry in found if entry is not None)
        photos.append(
            Photo(folder / "images" / name, objects, tuple(row.get("captions", [])), is_held_out(name))
        )
    return photos


def _photo_object(entry: dict[str, Any], width: float, height: float) -> PhotoObject | None:
    x, y, w, h = (float(value) for value in entry["bbox"])
    x0, y0 = max(0.0, x / width), max(0.0, y / height)
    x1, y1 = min(1.0, (x + w) / width), min(1.0, (y + h) / height)
    return PhotoObject(str(entry["category"]), (x0, y0, x1, y1)) if x1 > x0 and y1 > y0 else None


@dataclass(frozen=True)
class Crop:
    """A piece of a photo as a square: `pixels` (S, S, 3) uint8 and the objects that are still on it."""

    pixels: np.ndarray
    objects: tuple[PhotoObject, ...]


def random_crop(
    photo: Photo, size: int, rng: np.random.Generator, *, smallest: float = 0.3, keep: float = 0.5
) -> Crop:
    """Cut a random rectangle, mirror it half of the time, change its light and colours.

    Args:
        size: side of the result in pixels.
        smallest: least share of the photo's area.
        keep: an object stays on the list if at least this share of its box is inside.
    """
    with Image.open(photo.path) as file:
        file.draft("RGB", (size * 2, size * 2))
        picture = file.convert("RGB")
    area, aspect = rng.uniform(smallest, 1.0), np.exp(rng.uniform(-0.3, 0.3))
    width, height = min(1.0, (area * aspect) ** 0.5), min(1.0, (area / aspect) ** 0.5)
    left, top = rng.uniform(0, 1 - width), rng.uniform(0, 1 - height)
    box = (
        left * picture.width,
        top * picture.height,
        (left + width) * picture.width,
        (top + height) * picture.height,
    )
    pixels = picture.resize((size, size), Image.Resampling.BILINEAR, box=box, reducing_gap=2.0)
    flip = rng.random() < 0.5
    if flip:
        pixels = pixels.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for enhancer in (ImageEnhance.Brightness, ImageEnhance.Color, ImageEnhance.Contrast):
        pixels = enhancer(pixels).enhance(rng.uniform(0.7, 1.3))
    moved = (_crop_object(entry, left, top, width, height, flip, keep) for entry in photo.objects)
    return Crop(np.asarray(pixels), tuple(entry for entry in moved if entry is not None))


def _crop_object(
    entry: PhotoObject, left: float, top: float, width: float, height: float, flip: bool, keep: float
) -> PhotoObject | None:
    """The object in the crop's own 0..1, or None if too little of it is left."""
    x0, y0, x1, y1 = entry.box
    inside = (max(x0, left), max(y0, top), min(x1, left + width), min(y1, top + height))
    area = max(0.0, inside[2] - inside[0]) * max(0.0, inside[3] - inside[1])
    if area < keep * (x1 - x0) * (y1 - y0):
        return None
    a, b = (inside[0] - left) / width, (inside[2] - left) / width
    if flip:
        a, b = 1 - b, 1 - a
    return PhotoObject(entry.category, (a, (inside[1] - top) / height, b, (inside[3] - top) / height))
