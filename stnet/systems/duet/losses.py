"""Duet's losses. d(a, b) = 1 - cos(a, b) throughout, as its search ranks by the cosine.

The paper names its losses; their formulas, margins and temperatures can't be had, so all that follows is our
reading. Vectors are of any length.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from stnet.systems.towers import unit

MARGIN = 0.2  # of both triplets
BETTER = 0.1  # by how much nearer the difference must bring a drawing
SHARPNESS = 0.1  # tau of the region's softmax over cosines
TEXT_TEMPERATURE = 0.07  # of the text-to-text cross entropy


def distance(first: Tensor, second: Tensor) -> Tensor:
    """1 - cos, row by row. (..., d), (..., d) -> (...), in 0..2"""
    return 1 - (unit(first) * unit(second)).sum(-1)


def triplet(similarity: Tensor, own: Tensor, margin: float = MARGIN) -> Tensor:
    """L_trip: mean over queries and all other pictures of max(0, margin + d(query, own) - d(query, other)).

    Every other picture counts as a negative, those that show such a thing, too: it is the drawn one that is
    meant.

    Args:
        similarity: cosines of queries and pictures, (Q, N).
        own: the picture of each query, (Q,).

    Raises:
        ValueError: if there is no other picture.
    """
    if similarity.shape[1] < 2:
        raise ValueError("a triplet needs two pictures or more, got one")
    near = similarity.gather(1, own[:, None])
    lost = (margin + similarity - near).clamp_min(0)
    others = torch.ones_like(similarity).scatter(1, own[:, None], 0)
    return (lost * others).sum() / others.sum()


def region_similarity(query: Tensor, cells: Tensor, sketches: Tensor, sharpness: float = SHARPNESS) -> Tensor:
    """Cosines of s_L and p_s = sum_i softmax_i(cos(P_i, s) / sharpness) P_i, for L_RT's triplets.

    Each picture is seen as each drawing sees it.

    Args:
        query: s_L, (Q, d).
        cells: P_i, (N, P, d).
        sketches: s, (Q, d).

    Returns:
        (Q, N)
    """
    nearness = torch.einsum("qd,npd->qnp", unit(sketches), unit(cells))
    seen = torch.einsum("qnp,npd->qnd", (nearness / sharpness).softmax(-1), cells)
    return (unit(seen) * unit(query)[:, None]).sum(-1)


def composition(with_difference: Tensor, alone: Tensor, picture: Tensor, better: float = BETTER) -> Tensor:
    """L_comp: mean of max(0, better + d(s_D, p+) - d(s_L, p+)); each (Q, d).

    The difference must bring a drawing nearer to its picture. d(s_L, p+) is taken as it is: a drawing that
    gets worse alone would lower the loss, too.
    """
    before = distance(alone, picture).detach()
    return (better + distance(with_difference, picture) - before).clamp_min(0).mean()


def neutrality(with_neutral: Tensor, alone: Tensor, picture: Tensor) -> Tensor:
    """L_reg: mean of |d(s_N, p+) - d(s_L, p+)|; each (Q, d). Words that say nothing change nothing."""
    return (distance(with_neutral, picture) - distance(alone, picture)).abs().mean()


def text_to_text(learned: Tensor, fixed: Tensor, temperature: float = TEXT_TEMPERATURE) -> Tensor:
    """L_TT: cross entropy that each s_L finds the s_F of its own drawing among the batch's; each (Q, d).

    As in LASP (arXiv 2210.01115), with drawings in the place of classes.
    """
    logits = unit(learned) @ unit(fixed).T / temperature
    return F.cross_entropy(logits, torch.arange(len(learned), device=learned.device))


def alignment(
    texts: Tensor, pictures: Tensor, described: Tensor, temperature: float = TEXT_TEMPERATURE
) -> Tensor:
    """Ours, no part of Duet: mean of -log of what a text gives to the pictures that it is true of.

    CLIP brings words and pictures in one space along; here this may teach it.

    Args:
        texts: (Q, d). pictures: (N, d).
        described: which pictures each text is true of, (Q, N) bool; texts without one don't count.
    """
    logarithms = (unit(texts) @ unit(pictures).T / temperature).log_softmax(1)
    counted = described.any(1)
    hidden = torch.where(described, logarithms, torch.full_like(logarithms, -torch.inf))
    return -hidden[counted].logsumexp(1).sum() / counted.sum().clamp_min(1)
