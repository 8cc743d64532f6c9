"""Photos and galleries that the tests make for themselves."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from index_builder import BuildSettings, build_gallery, open_source
from stnet.checkpoint import LoadedModel, load_model
from stnet.gallery.manifest import (
    DATA_FILES,
    PATCHES_NAME,
    SCALES_NAME,
    read_manifest,
    seal_file,
    write_manifest,
)
from stnet.gallery.patches import quantize

PHOTOS = 24


def draw_photo(number: int, size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Blocks of colour, another arrangement for every number."""
    rng = np.random.default_rng(number)
    image = Image.new("RGB", size, tuple(rng.integers(0, 256, 3).tolist()))
    pen = ImageDraw.Draw(image)
    for _ in range(4):
        left, top = rng.integers(0, 60), rng.integers(0, 40)
        pen.rectangle((left, top, left + 30, top + 20), fill=tuple(rng.integers(0, 256, 3).tolist()))
    return image


def make_photos(folder: Path, count: int = PHOTOS) -> Path:
    """photo-00.png, photo-01.png, ... in a new folder."""
    folder.mkdir()
    for number in range(count):
        draw_photo(number).save(folder / f"photo-{number:02d}.png")
    return folder


def drawing() -> Image.Image:
    """An ellipse and a line, black on white."""
    image = Image.new("RGB", (120, 100), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((30, 20, 90, 70), outline="black", width=4)
    pen.line((20, 85, 100, 90), fill="black", width=4)
    return image


def load(checkpoint: Path) -> LoadedModel:
    """The checkpoint on the CPU."""
    return load_model(checkpoint, torch.device("cpu"))


def make_gallery(folder: Path, checkpoint: Path, count: int = PHOTOS, name: str | None = None) -> Path:
    """A gallery of `count` photos at folder/gallery, called "gallery" unless it gets another name."""
    photos = make_photos(folder / "photos", count)
    settings = BuildSettings(batch_size=5)
    build_gallery(
        open_source(str(photos)), load(checkpoint), folder / "gallery", name=name, settings=settings
    )
    return folder / "gallery"


def plant(gallery: Path, row: int, patches: torch.Tensor) -> None:
    """Replace one picture's patch features (P, D) and seal the gallery again."""
    levels, scales = quantize(patches[None])
    for name, values in ((PATCHES_NAME, levels), (SCALES_NAME, scales)):
        content = bytearray((gallery / name).read_bytes())
        content[row * values.nbytes : (row + 1) * values.nbytes] = values.tobytes()
        (gallery / name).write_bytes(bytes(content))
    seals = {name: seal_file(gallery / name) for name in DATA_FILES}
    write_manifest(gallery, replace(read_manifest(gallery), files=seals))
