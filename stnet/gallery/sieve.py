"""All centroids of a large gallery in fewer dimensions: enough to see which pictures may be among the best.

The score is made of products of a query with centroids. Most of what centroids are lies in some directions of
the space, so that most of a product does: those of the largest second moments are kept, again at 8 bits.
"""

from typing import NamedTuple

import numpy as np
import torch

from stnet.gallery.patches import dequantize, quantize
from stnet.model.lane_kernel import LANES, Lanes, side_by_side
from stnet.model.scoring_kernel import Packed, PackedQuery

WORTH_FROM = 100_000  # pictures; the centroids of fewer are scored sooner than those are found that matter
DIMENSIONS = 64
LEAST_KEPT, SHARE_KEPT = 4_000, 0.02  # of the pictures: those that are scored by their whole centroids
_SAMPLE = 20_000  # pictures of which the directions are found
CHUNK = 64 * LANES  # pictures turned at a time


class Sieve(NamedTuple):
    """Weighted centroids of N pictures along some directions.

    Attributes:
        directions: orthonormal, float32 (D, DIMENSIONS).
        lanes: of the pictures, in their order.
    """

    directions: np.ndarray
    lanes: Lanes

    def turned(self, query: PackedQuery) -> PackedQuery:
        """A query (D,) along the directions."""
        return PackedQuery.of(query.sketch @ self.directions, query.query @ self.directions, 1.0)


def kept(pictures: int, count: int) -> int:
    """How many of so many pictures are scored by their whole centroids, of which `count` are wanted."""
    return max(LEAST_KEPT, round(SHARE_KEPT * pictures), 2 * count)


def make_sieve(centroids: Packed) -> Sieve | None:
    """Of centroids (N, K, D); None if they, or their dimensions, are too few for it to be worth anything."""
    count, _, dimension = centroids.levels.shape
    if count < WORTH_FROM or dimension <= DIMENSIONS:
        return None
    directions = _directions(centroids)
    turned = [_turned(centroids.part(slice(i, i + CHUNK)), directions) for i in range(0, count, CHUNK)]
    return Sieve(directions, Lanes(*(np.concatenate(parts) for parts in zip(*turned, strict=True))))


def _directions(centroids: Packed) -> np.ndarray:
    every = slice(None, None, -(-len(centroids.levels) // _SAMPLE))
    sample = dequantize(centroids.levels[every], centroids.scales[every]).flatten(0, 1)
    moments = (sample.T @ sample).double().numpy()
    return np.linalg.eigh(moments)[1][:, ::-1][:, :DIMENSIONS].astype(np.float32)


def _turned(centroids: Packed, directions: np.ndarray) -> Lanes:
    features = dequantize(centroids.levels, centroids.scales) @ torch.from_numpy(directions.copy())
    return side_by_side(Packed(*quantize(features), centroids.biases))
