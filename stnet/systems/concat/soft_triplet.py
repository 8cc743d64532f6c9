"""The soft triplet loss: a query's own picture must score higher than the others, by no fixed margin."""

import torch.nn.functional as F
from torch import Tensor


def soft_triplet(similarity: Tensor, positives: Tensor) -> Tensor:
    """Mean of log(1 + exp(s_negative - s_positive)) over all triplets of a query, then over the queries.

    The document draws one negative for each matching pair of a batch. The mean over all that the batch has is
    what such draws come to on average, without their noise.

    Args:
        similarity: of queries and pictures, higher is nearer, (Q, N).
        positives: which pictures answer, (Q, N) bool; queries without a positive or a negative don't count.

    Raises:
        ValueError: if the shapes differ.
    """
    if similarity.shape != positives.shape:
        raise ValueError(
            f"similarity {tuple(similarity.shape)} and positives {tuple(positives.shape)} must match"
        )
    # (Q, positive, negative)
    triplets = positives[:, :, None] & ~positives[:, None, :]
    lost = F.softplus(similarity[:, None, :] - similarity[:, :, None]) * triplets
    count = triplets.sum((1, 2))
    per_query = lost.sum((1, 2)) / count.clamp_min(1)
    return per_query.sum() / (count > 0).sum().clamp_min(1)
