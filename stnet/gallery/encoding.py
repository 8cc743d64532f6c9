"""Pictures to features: the patch features that are searched, and the vectors that find candidates."""

from typing import NamedTuple

import numpy as np
import torch
from PIL import Image

from stnet.gallery.centroids import store_centroids
from stnet.gallery.patches import dequantize, quantize
from stnet.gallery.vectors import overall_vectors
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor


class Features(NamedTuple):
    """Of N pictures.

    Attributes:
        levels: int8 (N, P, D), patch features H by `stnet.gallery.patches.quantize`.
        scales: float32 (N, P).
        vectors: float32 (N, D), of length one: see `overall_vectors`.
        centroid_levels, centroid_scales, centroid_sizes: see `stnet.gallery.centroids.StoredCentroids`.
        usable: bool (N,); False where the model made no finite features, or V is zero.
    """

    levels: np.ndarray
    scales: np.ndarray
    vectors: np.ndarray
    centroid_levels: np.ndarray
    centroid_scales: np.ndarray
    centroid_sizes: np.ndarray
    usable: np.ndarray


@torch.inference_mode()
def embed(model: STNetModel, processor: STNetProcessor, pictures: list[Image.Image]) -> Features:
    """Encode a batch of pictures.

    The vectors come from the rounded patch features, so that the indexes agree with what reranking will read.
    """
    device = next(model.parameters()).device
    patches = model.encode_image(processor.images(pictures).to(device)).float().cpu()
    finite = torch.isfinite(patches).flatten(1).all(1)
    levels, scales = quantize(torch.where(finite[:, None, None], patches, 0.0))
    rounded = dequantize(levels, scales).to(device)
    vectors = overall_vectors(model, rounded).cpu()
    usable = finite & (vectors.norm(dim=-1) > 0.5)  # of length one, or zero
    return Features(levels, scales, vectors.numpy(), *store_centroids(levels, scales), usable.numpy())
