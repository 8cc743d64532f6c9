"""The one vector of a picture that finds candidates for words alone."""

import torch.nn.functional as F
from torch import Tensor

from stnet.model.modeling import STNetModel
from stnet.model.scoring import attend, attended


def overall_vectors(model: STNetModel, patches: Tensor) -> Tensor:
    """V as the learned neutral sketch sees the pictures, of length one: exact for queries without a drawing.

    patches (N, P, D) float32 -> (N, D)
    """
    attention = attend(model.neutral_sketch.float()[None], patches, model.temperature)[0]
    return F.normalize(attended(attention, patches), dim=-1)
