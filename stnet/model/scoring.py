"""The score of a query against pictures (arXiv 2502.08438, section 4), as plain tensor functions.

For one query and one picture with patch features H (P x D):
    alpha = softmax(H h_S / tau)    V = AvgPool(alpha * H)    score = cos(Q, V)
The average's 1/P cancels in the cosine, so V below is the sum.

The same formula takes a picture's weighted centroids in the patches' place: a centroid that stands for n
patches counts n times in the softmax, which is log n added to its logit. `scoring_reference` says the same in
float64, `scoring_kernel` computes it on a CPU from what is stored.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor


class Scores(NamedTuple):
    """`score` (N,) in -1..1 and `attention` (N, P), whose rows sum to 1."""

    score: Tensor
    attention: Tensor


def attend(
    sketch: Tensor, patches: Tensor, temperature: float | Tensor, sizes: Tensor | None = None
) -> Tensor:
    """alpha: where in each picture the drawn thing is.

    Args:
        sketch: h_S, (Q, D).
        patches: H, (N, P, D).
        temperature: tau > 0.
        sizes: for how many patches each row of H stands, (N, P), 0 for none; default 1.

    Returns:
        (Q, N, P), each row over P sums to 1.
    """
    logits = torch.einsum("qd,npd->qnp", sketch, patches) / temperature
    if sizes is not None:
        logits = logits + sizes.to(logits).log()
    return torch.softmax(logits, dim=-1)


def attended(attention: Tensor, patches: Tensor) -> Tensor:
    """V: the pictures as this sketch sees them. attention (N, P), patches (N, P, D) -> (N, D)"""
    return torch.einsum("np,npd->nd", attention, patches)


def score(
    sketch: Tensor,
    query: Tensor,
    patches: Tensor,
    temperature: float | Tensor,
    sizes: Tensor | None = None,
) -> Scores:
    """Scores of one query against N pictures, in float32.

    Args:
        sketch: h_S, (D,).
        query: Q = h_T * h_S, (D,).
        patches: H, (N, P, D).
        temperature: tau > 0.
        sizes: of weighted centroids, see `attend`.

    Raises:
        ValueError: if the shapes don't fit.
    """
    fits = sketch.ndim == 1 and patches.ndim == 3 and sketch.shape == query.shape == patches.shape[2:]
    if not fits:
        raise ValueError(
            f"expected sketch (D,), query (D,) and patches (N, P, D); got {tuple(sketch.shape)}, "
            f"{tuple(query.shape)} and {tuple(patches.shape)}"
        )
    patches = patches.float()
    attention = attend(sketch.float()[None], patches, temperature, sizes)[0]
    localized = attended(attention, patches)
    return Scores(F.cosine_similarity(localized, query.float()[None], dim=-1, eps=1e-12), attention)


def score_all_pairs(attention: Tensor, query: Tensor, patches: Tensor) -> Tensor:
    """cos(Q_q, V_qn) for every query and picture, without a (Q, N, D) tensor.

    V.Q = sum_p alpha_p (Q . H_p) and |V|^2 = alpha^T (H H^T) alpha, so that only (Q, N, P) is ever held: what
    makes the contrastive loss over all pairs of a batch affordable.

    Args:
        attention: alpha, (Q, N, P).
        query: (Q, D).
        patches: H, (N, P, D).

    Returns:
        (Q, N) in -1..1.
    """
    per_patch = torch.einsum("qd,npd->qnp", query, patches)
    gram = patches @ patches.transpose(1, 2)  # (N, P, P)
    dot = (attention * per_patch).sum(-1)
    by_picture = attention.transpose(0, 1)  # (N, Q, P)
    squared = ((by_picture @ gram) * by_picture).sum(-1).transpose(0, 1)
    return dot / (squared.clamp_min(1e-12).sqrt() * query.norm(dim=-1, keepdim=True).clamp_min(1e-6))
