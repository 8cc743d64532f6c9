"""``python -m benchmarks.near_duplicates``: how alike copies of a photo are, and different photos.

Photos of a gallery are changed as photos get changed on their way through the net, and compared with the
original by both measures of `stnet.gallery.duplicates`. Beside that stands how many pairs of different photos
of the gallery would be taken for near-duplicates.
"""

import argparse
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance

from stnet.checkpoint import load_model
from stnet.gallery.duplicates import LEAST_COSINE, MOST_BITS, first_of_each, picture_hash
from stnet.gallery.encoding import embed
from stnet.gallery.gallery import Gallery
from stnet.gallery.writing import store_picture

Change = Callable[[Image.Image], Image.Image]


def _half(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)


def _poor(picture: Image.Image) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=40)
    return Image.open(file).convert("RGB")


def _bright(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(1.15)


def _cropped(picture: Image.Image) -> Image.Image:
    across, down = round(0.03 * picture.width), round(0.03 * picture.height)
    return picture.crop((across, down, picture.width - across, picture.height - down))


CHANGES: dict[str, Change] = {
    "half the size": _half,
    "JPEG of quality 40": _poor,
    "15 % brighter": _bright,
    "cut by 3 % on each side": _cropped,
}


def measure(gallery: Gallery, checkpoint: Path, every: int) -> list[str]:
    """A Markdown table, and a line about different photos."""
    loaded = load_model(checkpoint, torch.device("cpu"))
    rows = range(0, len(gallery), every)
    lines = ["| change | found | bits, p50 / p95 | cosine, p50 / p5 |", "|---|---:|---:|---:|"]
    for name, change in CHANGES.items():
        bits, cosines = [], []
        for row in rows:
            stored = store_picture(change(gallery.picture(row)), 512, "jpeg", 85)
            known = picture_hash(gallery.picture_bytes(row))
            bits.append((picture_hash(stored.content) ^ known).bit_count())
            vector = embed(loaded.model, loaded.processor, [stored.pixels]).vectors[0]
            cosines.append(float(vector @ gallery.vector(row)))
        found = np.mean((np.array(bits) <= MOST_BITS) & (np.array(cosines) >= LEAST_COSINE))
        lines.append(
            f"| {name} | {100 * found:.0f} % | {np.median(bits):.0f} / {np.quantile(bits, 0.95):.0f} "
            f"| {np.median(cosines):.3f} / {np.quantile(cosines, 0.05):.3f} |"
        )
    hashes = np.array([picture_hash(gallery.picture_bytes(row)) for row in range(len(gallery))], np.uint64)
    vectors = np.stack([gallery.vector(row) for row in range(len(gallery))])
    first = first_of_each(hashes, lambda rows: vectors[rows])
    marked = [
        f"{gallery.id(row)} ({gallery.id(int(first[row]))})"
        for row in np.flatnonzero(first != np.arange(len(first))).tolist()
    ]
    pairs = np.triu_indices(len(gallery), 1)
    bits_between = np.bitwise_count(hashes[pairs[0]] ^ hashes[pairs[1]])
    cosines_between = (vectors @ vectors.T)[pairs]
    lines += [
        "",
        f"pairs of photos: {len(bits_between):,}; "
        f"at most {MOST_BITS} bits: {(bits_between <= MOST_BITS).sum()}; "
        f"at most {2 * MOST_BITS}: {(bits_between <= 2 * MOST_BITS).sum()}; cosine >= {LEAST_COSINE}: "
        f"{100 * np.mean(cosines_between >= LEAST_COSINE):.2f} %",
        f"of {len(gallery):,} photos {len(marked)} are marked: {', '.join(marked) or 'none'}",
    ]
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 if something is missing."""
    about = __doc__.splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.near_duplicates", description=about)
    parser.add_argument("--gallery", type=Path, default=Path("assets/gallery"))
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"))
    parser.add_argument("--every", type=int, default=20, help="take every so many-th photo (20)")
    options = parser.parse_args(arguments)
    try:
        print("\n".join(measure(Gallery.open(options.gallery), options.checkpoint, options.every)))
    except (ValueError, OSError) as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
