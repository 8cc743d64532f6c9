"""ZSE-SBIR's two losses: triplets of retrieval tokens, and what the relation network says of pairs."""

import torch.nn.functional as F
from torch import Tensor

MARGIN = 1.0  # as the published code has it; the document only names it m


def triplet(anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = MARGIN) -> Tensor:
    """Mean of max(|a - p| - |a - n| + margin, 0), L2 distances; each (T, width) -> scalar"""
    near, far = (anchor - positive).norm(dim=-1), (anchor - negative).norm(dim=-1)
    return (near - far + margin).clamp_min(0).mean()


def matching(relation: Tensor, same: Tensor) -> Tensor:
    """Mean of (r - 1[same category])^2 over pairs; r in 0..1 (N,), same (N,) bool -> scalar"""
    return F.mse_loss(relation, same.float())
