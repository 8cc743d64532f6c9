"""Emoji as cut-outs and as line drawings: OpenMoji (CC BY-SA 4.0) and Microsoft's Fluent Emoji (MIT)."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from stnet.data.objects import CutOut
from stnet.data.pictograms.rendering import cut_out_pixels, render
from stnet.data.pictograms.shown import emoji_shows
from stnet.data.pictograms.withheld import is_withheld, withheld_words
from stnet.strokes import CANVAS

GROUPS = frozenset({"animals-nature", "food-drink", "travel-places", "activities", "objects"})
EXTRA_GROUPS = frozenset(  # subgroups of OpenMoji's own additions
    {
        *("animals-nature", "food-drink", "travel-places", "objects", "healthcare", "technology"),
        *("gardening", "climate-environment", "emergency"),
    }
)
NO_THINGS = frozenset({"time", "hotel", "place-map"})  # clock faces, maps and the like
MOST_INK = 0.35  # of the canvas; what has more is filled, not drawn
_INKED = 100


def emoji_of(openmoji: Path, fluent: Path) -> tuple[list[CutOut], list[tuple[str, np.ndarray]]]:
    """Cut-outs and line drawings of all things among the emoji, but for withheld ones.

    Args:
        openmoji: the unpacked package "openmoji".
        fluent: the unpacked package "@lobehub/fluent-emoji-3d".

    Raises:
        ValueError, OSError: if a folder isn't such a package.
    """
    words, cut_outs, lines = withheld_words(), [], []
    for entry in _listed(openmoji):
        name, code = emoji_shows(entry["annotation"]), entry["hexcode"]
        if not _is_thing(entry) or is_withheld(entry["annotation"], words):
            continue
        pictures = {"openmoji": render(openmoji / "color/svg" / f"{code}.svg")} | _fluent(fluent, code)
        for source, pixels in pictures.items():
            cropped = cut_out_pixels(pixels)
            if cropped is not None:
                cut_outs.append(CutOut(f"{source}/{code}", name, cropped))
        ink = render(openmoji / "black/svg" / f"{code}.svg", CANVAS)[..., 3]
        if 0 < (ink > _INKED).mean() < MOST_INK:
            lines.append((name, np.ascontiguousarray(ink)))
    return cut_outs, lines


def _listed(openmoji: Path) -> list[dict[str, str]]:
    listed = openmoji / "data/openmoji.json"
    try:
        entries: list[dict[str, str]] = json.loads(listed.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{openmoji} is no package of OpenMoji: {listed} can't be read") from error
    return entries


def _is_thing(entry: dict[str, str]) -> bool:
    group, subgroup = entry["group"], entry["subgroups"]
    chosen = group in GROUPS and subgroup not in NO_THINGS
    return (chosen or (group == "extras-openmoji" and subgroup in EXTRA_GROUPS)) and not entry["skintone"]


def _fluent(fluent: Path, code: str) -> dict[str, np.ndarray]:
    """The same emoji of the other set, if that has it."""
    for name in (code.lower(), code.lower().replace("-fe0f", "")):
        path = fluent / "assets" / f"{name}.webp"
        if path.is_file():
            with Image.open(path) as picture:
                return {"fluent": np.asarray(picture.convert("RGBA"))}
    return {}
