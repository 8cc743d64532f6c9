"""Checking a gallery: every checksum, every picture's place, and a sample of features made anew."""

from pathlib import Path
from typing import Any

import numpy as np
import torch.nn.functional as F

from stnet.checkpoint import LoadedModel
from stnet.gallery.encoding import embed
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import GalleryError
from stnet.gallery.patches import dequantize

SAMPLE = 32
# another CPU or batch rounds differently; another model or picture is far below
LEAST_COSINE = 0.99


def verify_gallery(folder: Path, loaded: LoadedModel | None = None) -> dict[str, Any]:
    """Check a gallery.

    Args:
        loaded: its model; with it a sample of the features is made anew and compared.

    Returns:
        what was checked, as JSON: name, size, bytes, recomputed, least_cosine (None without a model).

    Raises:
        ValueError: naming what is wrong.
    """
    gallery = Gallery.open(folder)
    try:
        least = None
        rows = np.unique(np.linspace(0, len(gallery) - 1, min(SAMPLE, len(gallery))).round().astype(np.int64))
        for row in rows:
            if gallery.picture(int(row)).size != gallery.size(int(row)):
                raise GalleryError(f"The picture {gallery.id(int(row))!r} has another size than its row says")
        if loaded is not None:
            gallery.refuse_other_model(loaded.fingerprint, loaded.name)
            least = _recompute(gallery, loaded, rows)
        return {
            "name": gallery.name,
            "size": len(gallery),
            "bytes": sum(seal.bytes for seal in gallery.manifest.files.values()),
            "recomputed": 0 if loaded is None else len(rows),
            "least_cosine": least,
        }
    finally:
        gallery.close()


def _recompute(gallery: Gallery, loaded: LoadedModel, rows: np.ndarray) -> float:
    """The smallest cosine between a stored and a fresh patch, over a sample of pictures."""
    made = embed(loaded.model, loaded.processor, [gallery.picture(int(row)) for row in rows])
    fresh, stored = dequantize(made.levels, made.scales), gallery.patch_features(rows)
    cosines = F.cosine_similarity(fresh, stored, dim=-1).amin(-1)
    worst = int(cosines.argmin())
    if float(cosines[worst]) < LEAST_COSINE:
        raise GalleryError(
            f"The features of {gallery.id(int(rows[worst]))!r} are not what its model makes of its picture "
            f"(cosine {float(cosines[worst]):.3f}): rebuild the gallery"
        )
    return round(float(cosines[worst]), 6)
