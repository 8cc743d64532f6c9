"""Photographs as places for scenes: which of them show a place, in what light, and where its ground begins.

backdrops.json beside this file says it of photographs that `python -m stnet.data.gallery_photos` makes.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from stnet.data.photos import read_photo
from stnet.data.scenes.places import PaintedPlace

SHARE = 0.4  # of the scenes have a photograph behind them, where one fits
# Terms on which a photograph may be part of a picture under the GPL, version 2: that of Tux Paint's stamps.
GPL_COMPATIBLE = frozenset({"Public Domain", "Public domain", "CC0-1.0", "GPL-2", "GPL-2+", "GPLv2+"})
_LISTED = Path(__file__).with_name("backdrops.json")
_METADATA_FILE = "metadata.jsonl"
_LEAST_SIDE = 0.7  # of the photo's shorter side
_FLOOR = (0.3, 0.8)  # where the ground may begin on what is cut out


@dataclass(frozen=True)
class Backdrop:
    """A photograph of a place.

    `floor`: height in 0..1 of it where the ground begins; `shows`: categories of things that are on it
    already; `credit`: its line of metadata.jsonl, {} if there is none.
    """

    path: Path
    place: str
    light: str
    floor: float
    shows: frozenset[str]
    credit: dict[str, str]

    def paint(self, size: int, rng: np.random.Generator) -> PaintedPlace:
        """A random square of it, mirrored half of the time; one `rng` gives one picture, at any size.

        Raises ValueError if the photo can't be read.
        """
        photo = read_photo(self.path)
        side = min(photo.size) * rng.uniform(_LEAST_SIDE, 1.0)
        left = rng.uniform(0, photo.width - side)
        highest, lowest = (self.floor * photo.height - part * side for part in reversed(_FLOOR))
        top = float(np.clip(rng.uniform(highest, lowest), 0, photo.height - side))
        box = (left, top, left + side, top + side)
        pixels = photo.resize((size, size), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
        if rng.random() < 0.5:
            pixels = pixels.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        floor = float(np.clip((self.floor * photo.height - top) / side, *_FLOOR))
        return PaintedPlace(np.array(pixels), floor, (1.0, 1.0, 1.0), shadows=True)


class Backdrops:
    """The photographs of a folder that are listed as places."""

    def __init__(self, folder: Path, *, licences: Collection[str] | None = None) -> None:
        """Take those of `folder` that are listed, and whose metadata.jsonl names one of `licences` if given.

        Raises:
            ValueError: if there is no such photograph.
        """
        listed: dict[str, dict[str, Any]] = json.loads(_LISTED.read_text(encoding="utf-8"))
        credits = _metadata(folder)
        self.all = tuple(
            Backdrop(
                folder / name,
                entry["place"],
                entry["light"],
                float(entry["floor"]),
                frozenset(entry["shows"]),
                credits.get(name, {}),
            )
            for name, entry in listed.items()
            if (folder / name).is_file()
            and (licences is None or credits.get(name, {}).get("licence") in licences)
        )
        if not self.all:
            raise ValueError(
                f"{folder} has no photograph that may be a backdrop: make the folder with "
                "`python -m stnet.data.gallery_photos` and name its images/"
            )

    def choose(
        self,
        rng: np.random.Generator,
        cast: Collection[str],
        *,
        place: str | None = None,
        light: str | None = None,
    ) -> Backdrop | None:
        """One that shows none of the `cast`, of this place and in this light if given.

        None if there is none, and by chance. Places take turns, however many photographs there are of each.
        """
        if rng.random() >= SHARE:
            return None
        fitting = [
            backdrop
            for backdrop in self.all
            if place in (None, backdrop.place)
            and light in (None, backdrop.light)
            and not backdrop.shows.intersection(cast)
        ]
        if not fitting:
            return None
        places = sorted({backdrop.place for backdrop in fitting})
        wanted = places[int(rng.integers(len(places)))]
        same = [backdrop for backdrop in fitting if backdrop.place == wanted]
        return same[int(rng.integers(len(same)))]


def _metadata(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / _METADATA_FILE
    if not path.is_file():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {row["file_name"]: row for row in rows}
