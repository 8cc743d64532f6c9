"""What finds candidates: of every picture one vector for words alone, and centroids for what may be drawn."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from stnet.model.modeling import STNetModel
from stnet.model.scoring import attend, attended

PARTS = 8
_ROUNDS = 6


def overall_vectors(model: STNetModel, patches: Tensor) -> Tensor:
    """V as the learned neutral sketch sees the pictures, of length one: exact for queries without a drawing.

    patches (N, P, D) float32 -> (N, D)
    """
    attention = attend(model.neutral_sketch.float()[None], patches, model.temperature)[0]
    return F.normalize(attended(attention, patches), dim=-1)


class WeightedCentroids(NamedTuple):
    """K means of a picture's patches, (N, K, D), and of how many patches each is the mean, float (N, K)."""

    means: Tensor
    sizes: Tensor


def weighted_centroids(patches: Tensor, parts: int = PARTS) -> WeightedCentroids:
    """A picture's main parts: the score computed on them is close to the one on all patches.

    A drawing's attention rests on the patches of one thing, and these are alike: k-means of the patches finds
    things without knowing the drawing. It begins with patches far from each other, so that small things get
    a part of their own; the same patches give the same parts.

    Args:
        patches: (N, P, D) float32.
        parts: K; a picture with fewer different patches has some of size 0.
    """
    centres = _far_apart(patches, parts)
    for _ in range(_ROUNDS):
        nearest = torch.cdist(patches, centres).argmin(-1)
        member = F.one_hot(nearest, parts).float()  # (N, P, K)
        size = member.sum(1)
        means = member.transpose(1, 2) @ patches / size.clamp_min(1.0)[..., None]
        centres = torch.where(size[..., None] > 0, means, centres)
    return WeightedCentroids(centres, size)


def _far_apart(patches: Tensor, count: int) -> Tensor:
    """`count` patches of every picture, each the one farthest from those before: (N, count, D)"""
    rows = torch.arange(len(patches), device=patches.device)
    distance = torch.cdist(patches, patches.mean(1, keepdim=True))[..., 0]
    chosen = [patches[rows, distance.argmin(-1)]]  # the most ordinary patch, often the ground
    distance = torch.cdist(patches, chosen[0][:, None])[..., 0]
    for _ in range(count - 1):
        chosen.append(patches[rows, distance.argmax(-1)])
        distance = torch.minimum(distance, torch.cdist(patches, chosen[-1][:, None])[..., 0])
    return torch.stack(chosen, dim=1)
