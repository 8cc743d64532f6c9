"""The main parts of a picture: weighted centroids of its patches."""

from typing import NamedTuple

import numpy as np

from stnet.compiling import Compiled

PARTS = 8
_ROUNDS = 6


class WeightedCentroids(NamedTuple):
    """Of N pictures.

    Attributes:
        means: float32 (N, K, D), each the mean of the patches nearest to it.
        sizes: uint16 (N, K), of how many patches.
    """

    means: np.ndarray
    sizes: np.ndarray


def weighted_centroids(patches: np.ndarray, parts: int = PARTS) -> WeightedCentroids:
    """K-means of each picture's patches: the score computed on them is close to the one on all patches.

    A drawing's attention rests on the patches of one thing, and these are alike: k-means of the patches finds
    things without knowing the drawing. It begins with patches far from each other, so that small things get
    a centroid of their own; the same patches give the same centroids.

    Args:
        patches: H (N, P, D) float32, P < 65,536.
        parts: K; a picture with fewer different patches has some of size 0.
    """
    pictures, count, dimension = patches.shape
    if not 0 < count < 1 << 16:
        raise ValueError(f"expected 1 to 65,535 patches a picture, got {count}")
    found = WeightedCentroids(
        np.empty((pictures, parts, dimension), np.float32), np.empty((pictures, parts), np.uint16)
    )
    _cluster(np.ascontiguousarray(patches, dtype=np.float32), _ROUNDS, found.means, found.sizes)
    return found


def _cluster_pictures(patches: np.ndarray, rounds: int, means: np.ndarray, sizes: np.ndarray) -> None:
    pictures, count, dimension = patches.shape
    parts = means.shape[1]
    nearest = np.empty(count, np.int64)
    distances = np.empty(count, np.float32)
    total = np.empty(dimension, np.float32)
    for n in range(pictures):
        # first the most ordinary patch, often the ground
        total[:] = 0
        for p in range(count):
            for d in range(dimension):
                total[d] += patches[n, p, d]
        for p in range(count):
            distance = np.float32(0)
            for d in range(dimension):
                difference = patches[n, p, d] - total[d] / count
                distance += difference * difference
            distances[p] = distance
        chosen = distances.argmin()
        distances[:] = np.inf
        # then each time the one farthest from those before
        for k in range(parts):
            means[n, k] = patches[n, chosen]
            for p in range(count):
                distance = np.float32(0)
                for d in range(dimension):
                    difference = patches[n, p, d] - means[n, k, d]
                    distance += difference * difference
                distances[p] = min(distances[p], distance)
            chosen = distances.argmax()
        for _ in range(rounds):
            for p in range(count):
                least = np.float32(np.inf)
                for k in range(parts):
                    distance = np.float32(0)
                    for d in range(dimension):
                        difference = patches[n, p, d] - means[n, k, d]
                        distance += difference * difference
                    if distance < least:
                        least = distance
                        nearest[p] = k
            for k in range(parts):
                size = 0
                total[:] = 0
                for p in range(count):
                    if nearest[p] == k:
                        size += 1
                        for d in range(dimension):
                            total[d] += patches[n, p, d]
                sizes[n, k] = size
                if size > 0:
                    for d in range(dimension):
                        means[n, k, d] = total[d] / size


_cluster = Compiled(_cluster_pictures)
