"""Where the drawn thing is in the pictures that are shown: attention maps and boxes."""

from dataclasses import dataclass

import numpy as np

from stnet.boxes import Box
from stnet.gallery.gallery import Gallery
from stnet.model.modeling import STNetModel
from stnet.model.scoring import attend
from stnet.search.encoding import Vectors


@dataclass(frozen=True, eq=False)
class Places:
    """Of K pictures.

    Attributes:
        boxes: of each picture those of the drawn things, x0, y0, x1, y1 in 0..1, at least one.
        heatmaps: float32 (K, rows, columns), each sums to 1.
        largest: the largest attention in all of them.
    """

    boxes: list[tuple[Box, ...]]
    heatmaps: np.ndarray
    largest: float


def localize(model: STNetModel, gallery: Gallery, vectors: Vectors, rows: np.ndarray) -> Places:
    """Heat maps and boxes of the pictures of `rows` (K,), K > 0. Call it in inference mode."""
    patches = gallery.patch_features(rows).to(next(model.parameters()).device)
    attention = attend(vectors.drawing[None], patches.float(), model.temperature)[0]
    predicted = ordered(model.predict_box(patches, attention).float().cpu().numpy())
    boxes: list[tuple[Box, ...]] = [(box,) for box in predicted]
    heatmaps = attention.float().cpu().numpy().reshape(len(rows), *gallery.manifest.grid)
    return Places(boxes, heatmaps, float(heatmaps.max()))


def ordered(boxes: np.ndarray) -> list[Box]:
    """Boxes (N, 4) with x0 <= x1, y0 <= y1, all in 0..1, rounded to 4 decimals."""
    inside = np.clip(boxes, 0.0, 1.0)
    low, high = np.minimum(inside[:, :2], inside[:, 2:]), np.maximum(inside[:, :2], inside[:, 2:])
    return [tuple(round(float(value), 4) for value in box) for box in np.concatenate([low, high], axis=1)]  # type: ignore[misc]
