"""Pictures to features: the patch features that are searched, and the one vector that finds candidates."""

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from stnet.modeling import STNetModel
from stnet.patches import dequantize, quantize
from stnet.processing import STNetProcessor
from stnet.scoring import attend, attended


class Features(NamedTuple):
    """Of N pictures.

    Attributes:
        levels: int8 (N, P, D), patch features H by `stnet.patches.quantize`.
        scales: float32 (N, P).
        vectors: float32 (N, D), of length one: V as the neutral sketch sees the picture.
        usable: bool (N,); False where the model made no finite features, or V is zero.
    """

    levels: np.ndarray
    scales: np.ndarray
    vectors: np.ndarray
    usable: np.ndarray


def index_vectors(model: STNetModel, patches: Tensor) -> Tensor:
    """V with the learned neutral sketch, of length one: the best that one vector a picture can say.

    patches (N, P, D) float32 -> (N, D)
    """
    attention = attend(model.neutral_sketch.float()[None], patches, model.temperature)[0]
    return F.normalize(attended(attention, patches), dim=-1)


@torch.inference_mode()
def embed(model: STNetModel, processor: STNetProcessor, pictures: list[Image.Image]) -> Features:
    """Encode a batch of pictures.

    The vectors come from the rounded patch features, so that the index agrees with what reranking will read.
    """
    device = next(model.parameters()).device
    patches = model.encode_image(processor.images(pictures).to(device)).float().cpu()
    finite = torch.isfinite(patches).flatten(1).all(1)
    levels, scales = quantize(torch.where(finite[:, None, None], patches, 0.0))
    vectors = index_vectors(model, dequantize(levels, scales).to(device)).cpu()
    usable = finite & (vectors.norm(dim=-1) > 0.5)  # of length one, or zero
    return Features(levels, scales, vectors.numpy(), usable.numpy())
