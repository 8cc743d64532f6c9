"""Real photographs with boxes: a folder of pictures and a file that says what is where, in one of two forms.

photos.jsonl, one line a photo: ``{"file": "a.jpg", "width": 640, "height": 480, "objects": [...]}``, an
object being ``{"category": "dog", "bbox": [x, y, width, height]}`` in pixels of the picture; pictures lie in
``images/`` beside it.

COCO's JSON: ``annotations/instances_NAME.json`` with the pictures in ``NAME/``, as COCO unpacks, or any one
such file in the folder with the pictures in ``images/`` or beside it.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance

from stnet.boxes import Box
from stnet.pictures import PictureError, open_picture, picture_to_rgb

HELD_OUT_SHARE = 0.15
SMALLEST_CROP = 0.3


@dataclass(frozen=True)
class PhotoObject:
    """A box on a photo: `category`, and `box` as x0, y0, x1, y1 in 0..1 of the picture."""

    category: str
    box: Box

    @property
    def full_box(self) -> Box:
        """The same box: nobody drew one around what is hidden."""
        return self.box

    @property
    def area(self) -> float:
        return (self.box[2] - self.box[0]) * (self.box[3] - self.box[1])


@dataclass(frozen=True)
class Photo:
    """A photo, what is on it, and whether it is kept from training.

    `name` is what its listing calls it, folders included: what `held_out` was decided by. `labels` say what
    the whole photo shows, without a box.
    """

    path: Path
    objects: tuple[PhotoObject, ...]
    captions: tuple[str, ...]
    held_out: bool
    name: str = ""
    labels: tuple[str, ...] = ()


def is_held_out(name: str, share: float = HELD_OUT_SHARE) -> bool:
    """Whether a file is kept from training: decided by its name alone, so that no list has to be kept."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) < share * 0xFFFFFFFF


def load_photos(folder: Path) -> list[Photo]:
    """Read all photos of a folder; objects whose box lies outside the picture or is empty are left out.

    Raises:
        ValueError: if there is no such file or it isn't in one of the forms above; the text says where.
    """
    listing = folder / "photos.jsonl"
    if listing.is_file():
        return _read_lines(listing)
    annotations = sorted(folder.glob("annotations/instances*.json")) or sorted(folder.glob("*.json"))
    if not annotations:
        raise ValueError(
            f"no photos in {folder}: expected photos.jsonl beside images/, or annotations/instances*.json"
        )
    return [photo for path in annotations for photo in _read_coco(path, folder)]


def _read_lines(listing: Path) -> list[Photo]:
    photos = []
    for number, line in enumerate(listing.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            width, height = float(row["width"]), float(row["height"])
            found = [_photo_object(entry, width, height) for entry in row.get("objects", [])]
            name, captions = _file_name(row["file"]), tuple(row.get("captions", []))
            labels = tuple(str(label) for label in row.get("labels", []))
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise ValueError(f"{listing}, line {number}: not a photo's description ({error!r})") from error
        objects = tuple(entry for entry in found if entry is not None)
        path = listing.parent / "images" / name
        photos.append(Photo(path, objects, captions, is_held_out(name), name, labels))
    return photos


def _read_coco(path: Path, folder: Path) -> list[Photo]:
    """One of COCO's instances files; crowds (iscrowd) are left out, since their box is not one object's."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        names = {entry["id"]: str(entry["name"]) for entry in listed["categories"]}
        boxes: dict[Any, list[dict[str, Any]]] = {}
        for entry in listed["annotations"]:
            if not entry.get("iscrowd"):
                named = {"category": names[entry["category_id"]], "bbox": entry["bbox"]}
                boxes.setdefault(entry["image_id"], []).append(named)
        photos = [_coco_photo(image, boxes.get(image["id"], []), path, folder) for image in listed["images"]]
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise ValueError(
            f"{path} isn't in COCO's form: images, annotations, categories ({error!r})"
        ) from error
    return photos


def _coco_photo(image: dict[str, Any], entries: list[dict[str, Any]], path: Path, folder: Path) -> Photo:
    width, height, name = float(image["width"]), float(image["height"]), _file_name(image["file_name"])
    found = [_photo_object(entry, width, height) for entry in entries]
    places = (folder / path.stem.removeprefix("instances_"), folder / "images", folder)
    place = next((place for place in places if place.is_dir() and (place / name).is_file()), places[1])
    objects = tuple(entry for entry in found if entry is not None)
    return Photo(place / name, objects, (), is_held_out(name), name)


def _file_name(given: Any) -> str:
    """A picture's name in its folder; a listing must not point anywhere else."""
    path = PurePosixPath(str(given))
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{given!r} is outside the folder")
    return str(path)


def _photo_object(entry: dict[str, Any], width: float, height: float) -> PhotoObject | None:
    x, y, w, h = (float(value) for value in entry["bbox"])
    x0, y0 = max(0.0, x / width), max(0.0, y / height)
    x1, y1 = min(1.0, (x + w) / width), min(1.0, (y + h) / height)
    return PhotoObject(str(entry["category"]), (x0, y0, x1, y1)) if x1 > x0 and y1 > y0 else None


def read_photo(path: Path, *, reduce_to: int | None = None) -> Image.Image:
    """A photo's pixels as everybody here sees them: RGB, upright, as its boxes are.

    Args:
        reduce_to: it may come smaller, as long as no side falls below this many pixels.

    Raises:
        ValueError: naming the file, if it can't be read.
    """
    try:
        return picture_to_rgb(open_picture(path, reduce_to=reduce_to))
    except PictureError as error:
        raise ValueError(f"the photo {path} can't be read: {error}") from error


@dataclass(frozen=True)
class Crop:
    """A piece of a photo as a square.

    Attributes:
        pixels: (S, S, 3) uint8.
        objects: those that are still on it, largest first (after a pasted one).
        captions: of the whole photo.
        share: the crop's part of the photo's area, 0..1.
        mirrored: whether left and right are exchanged, in pixels and boxes (the captions don't know).
        pasted: whether objects[0] is of another photo and in front of all others.
    """

    pixels: np.ndarray
    objects: tuple[PhotoObject, ...]
    captions: tuple[str, ...] = ()
    share: float = 1.0
    mirrored: bool = False
    pasted: bool = False


def random_crop(
    photo: Photo, size: int, rng: np.random.Generator, *, smallest: float = SMALLEST_CROP, keep: float = 0.5
) -> Crop:
    """Cut a random rectangle, mirror it half of the time, change its light and colours.

    Args:
        size: side of the result in pixels.
        smallest: least share of the photo's area.
        keep: an object stays on the list if at least this share of its box is inside.
    """
    picture = read_photo(photo.path, reduce_to=size * 2)
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
    objects = sorted((entry for entry in moved if entry is not None), key=lambda entry: -entry.area)
    return Crop(np.asarray(pixels), tuple(objects), photo.captions, width * height, bool(flip))


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
