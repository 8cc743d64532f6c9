"""Packages of pictograms as they look unpacked, with a few pictures made here."""

import json

import numpy as np
from PIL import Image

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72">{}</svg>'
FILLED = SQUARE.format('<rect x="12" y="12" width="48" height="48" fill="#d22f27"/>')
OUTLINE = SQUARE.format(
    '<rect x="12" y="12" width="48" height="48" fill="none" stroke="#000" stroke-width="3"/>'
)
DISC = SQUARE.format('<circle cx="36" cy="36" r="24" fill="#d22f27"/>')
EMPTY = SQUARE.format("")


def emoji(code, annotation, group="objects", subgroups="tool", skintone=""):
    """An entry of OpenMoji's list."""
    return {
        "hexcode": code,
        "annotation": annotation,
        "group": group,
        "subgroups": subgroups,
        "skintone": skintone,
    }


def write_openmoji(folder, entries, line=OUTLINE):
    """OpenMoji's package: a red square for every entry, and its outline."""
    for part, drawn in (("color/svg", FILLED), ("black/svg", line)):
        (folder / part).mkdir(parents=True)
        for entry in entries:
            (folder / part / f"{entry['hexcode']}.svg").write_text(drawn)
    (folder / "data").mkdir()
    (folder / "data/openmoji.json").write_text(json.dumps(entries))
    return folder


def write_fluent(folder, codes):
    """Fluent Emoji's package: a blue square for every code."""
    (folder / "assets").mkdir(parents=True)
    pixels = np.zeros((60, 60, 4), np.uint8)
    pixels[10:50, 10:50] = (0, 0, 255, 255)
    for code in codes:
        Image.fromarray(pixels).save(folder / "assets" / f"{code}.webp", lossless=True)
    return folder
