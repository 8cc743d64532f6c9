"""Copy-paste: a boxed object of one photo put, with soft edges, in front of another photo or a scene.

Photographed things so meet surroundings that they were never photographed in. What they hide is taken out of
the others' boxes and labels.
"""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from stnet.boxes import Box
from stnet.data.objects import LONGEST_SIDE, CutOut
from stnet.data.photos import Crop, Photo, PhotoObject, read_photo
from stnet.data.scenes.composing import Scene, SceneObject, size_word

SMALLEST, LARGEST = 0.25, 0.6  # longer side, in parts of the picture
LEAST_VISIBLE = 0.55  # a place that would hide more of another object is not taken
_PLACES_TRIED = 8
_SOFT_EDGE = 0.2  # width of the border that fades, in halves of the side


@dataclass(frozen=True, eq=False)
class Piece:
    """The content of a box on a photo: `category`, and `pixels` (H, W, 3) uint8, longer side at most 192."""

    category: str
    pixels: np.ndarray


class PastedCutOut(CutOut):
    """A piece as an object of a scene. Its outline is that of a box: nobody can trace a drawing from it."""


def cut_piece(photo: Photo, number: int, rng: np.random.Generator) -> Piece:
    """photo.objects[number] as its box holds it, mirrored half of the time."""
    entry = photo.objects[number]
    picture = read_photo(photo.path)
    (x0, y0, x1, y1), (across, down) = entry.box, picture.size
    edges = (x0 * across, y0 * down, x1 * across, y1 * down)
    longest = max(edges[2] - edges[0], edges[3] - edges[1])
    scale = min(1.0, LONGEST_SIDE / longest)
    width, height = (max(1, round(scale * (edges[k + 2] - edges[k]))) for k in (0, 1))
    pixels = np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR, box=edges))
    return Piece(entry.category, pixels[:, ::-1] if rng.random() < 0.5 else pixels)


def soft_mask(height: int, width: int) -> np.ndarray:
    """(height, width) float32: 1 in the middle, fading to 0 at the border, with rounded corners."""
    x = (np.arange(width, dtype=np.float32) + 0.5) / width * 2 - 1
    y = (np.arange(height, dtype=np.float32) + 0.5) / height * 2 - 1
    outward = (y[:, None] ** 4 + x[None, :] ** 4) ** 0.25
    return np.clip((1 - outward) / _SOFT_EDGE, 0, 1)


def paste_on_crop(crop: Crop, piece: Piece, rng: np.random.Generator) -> Crop | None:
    """The crop with the piece in front, as objects[0]; None where it would hide too much of another."""
    for _ in range(_PLACES_TRIED):
        box = _choose_box(piece, len(crop.pixels), rng)
        if all(_share_left(entry.box, box) >= LEAST_VISIBLE for entry in crop.objects):
            pixels = _paste(crop.pixels, piece, box)
            others = (replace(entry, box=visible_box(entry.box, box)) for entry in crop.objects)
            return replace(
                crop, pixels=pixels, objects=(PhotoObject(piece.category, box), *others), pasted=True
            )
    return None


def paste_on_scene(scene: Scene, piece: Piece, rng: np.random.Generator) -> Scene | None:
    """The scene with the piece in front, as its last object; None where it would hide too much of another."""
    size, count = len(scene.labels), len(scene.objects)
    before = np.bincount(scene.labels.ravel(), minlength=count + 1)[1:]
    for _ in range(_PLACES_TRIED):
        box = _choose_box(piece, size, rng)
        labels = scene.labels.copy()
        left, top, right, bottom = _pixels_of(box, size)
        labels[top:bottom, left:right][soft_mask(bottom - top, right - left) >= 0.5] = count + 1
        after = np.bincount(labels.ravel(), minlength=count + 2)[1 : count + 1]
        visible = [entry.visible * a / b for entry, a, b in zip(scene.objects, after, before, strict=True)]
        if min(visible) >= LEAST_VISIBLE:
            others = tuple(
                replace(entry, visible=float(share), box=_label_box(labels, number + 1))
                for number, (entry, share) in enumerate(zip(scene.objects, visible, strict=True))
            )
            image = _paste(scene.image, piece, box)
            return replace(scene, image=image, labels=labels, objects=(*others, _in_front(piece, box, count)))
    return None


def _choose_box(piece: Piece, size: int, rng: np.random.Generator) -> Box:
    """Where to paste, in 0..1, on whole pixels of a picture `size` pixels square."""
    height, width = piece.pixels.shape[:2]
    longest = rng.uniform(SMALLEST, LARGEST) * size / max(height, width)
    w, h = max(2, round(width * longest)), max(2, round(height * longest))
    left, top = int(rng.integers(0, size - w + 1)), int(rng.integers(0, size - h + 1))
    return (left / size, top / size, (left + w) / size, (top + h) / size)


def _pixels_of(box: Box, size: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge * size) for edge in box)
    return left, top, right, bottom


def _paste(pixels: np.ndarray, piece: Piece, box: Box) -> np.ndarray:
    """The picture (S, S, 3) with the piece in `box`."""
    left, top, right, bottom = _pixels_of(box, len(pixels))
    scaled = Image.fromarray(piece.pixels).resize((right - left, bottom - top), Image.Resampling.BILINEAR)
    alpha = soft_mask(bottom - top, right - left)[..., None]
    pasted = pixels.copy()
    part = pasted[top:bottom, left:right]
    part[:] = np.round(part * (1 - alpha) + np.asarray(scaled) * alpha)
    return pasted


def _in_front(piece: Piece, box: Box, depth: int) -> SceneObject:
    alpha = np.round(255 * soft_mask(*piece.pixels.shape[:2]))[..., None].astype(np.uint8)
    return SceneObject(
        cut_out=PastedCutOut("pasted", piece.category, np.concatenate([piece.pixels, alpha], axis=2)),
        box=box,
        full_box=box,
        colour=None,  # the box holds colours of other things, too
        scale=size_word(max(box[2] - box[0], box[3] - box[1])),
        visible=1.0,
        depth=depth,
    )


def _label_box(labels: np.ndarray, number: int) -> Box:
    seen = labels == number
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    edges = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    left, top, right, bottom = (float(edge) / len(labels) for edge in edges)
    return (left, top, right, bottom)


def _share_left(box: Box, cover: Box) -> float:
    """The part of `box`, 0..1, that a box in front leaves visible."""
    width = max(0.0, min(box[2], cover[2]) - max(box[0], cover[0]))
    height = max(0.0, min(box[3], cover[3]) - max(box[1], cover[1]))
    return 1 - width * height / ((box[2] - box[0]) * (box[3] - box[1]))


def visible_box(box: Box, cover: Box) -> Box:
    """`box` without the side that `cover`, which is in front, hides completely; else as it is."""
    edges = list(box)
    for across, along in ((0, 1), (1, 0)):
        if cover[across] <= box[across] and cover[across + 2] >= box[across + 2]:
            if cover[along] <= box[along] < cover[along + 2]:
                edges[along] = min(cover[along + 2], box[along + 2])
            elif cover[along] < box[along + 2] <= cover[along + 2]:
                edges[along + 2] = max(cover[along], box[along])
    return (edges[0], edges[1], edges[2], edges[3])
