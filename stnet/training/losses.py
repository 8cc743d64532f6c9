"""The training objectives of arXiv 2502.08438, section 4, and ours beside them: one pure function a loss.

L = L_CT (contrastive) + L_CLS (classification) + L_OD (sketch-guided detection) + L_SR (reconstruction).
All return a scalar, a mean over what they are about; an empty batch of targets gives zero.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def contrastive(logits: Tensor, positives: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Symmetric InfoNCE with any number of positives (paper, L_CT; one positive a row is the paper's case).

    For a row with positives P: -1/|P| sum_{p in P} log softmax(row)_p; the same for columns; the mean of both
    sides. Rows or columns without a positive don't count.

    With a label_smoothing e the target of a row is (1 - e) on its positives and e spread evenly over the
    whole row, as SketchScape (arXiv 2509.06566, e = 0.2) has it: pictures that fit, too, but that nobody
    labelled so, aren't pushed away as far.

    Args:
        logits: scaled cosines cos(Q_q, V_qn), (Q, N).
        positives: bool, (Q, N).
        label_smoothing: e in 0..1, below 1; 0 is the paper's loss.

    Raises:
        ValueError: if the shapes differ, or label_smoothing is out of its range.
    """
    if not 0 <= label_smoothing < 1:
        raise ValueError(f"label_smoothing must be in 0..1, below 1; got {label_smoothing}")
    if logits.shape != positives.shape:
        raise ValueError(f"logits {tuple(logits.shape)} and positives {tuple(positives.shape)} must match")

    def one_side(rows: Tensor, hits: Tensor) -> Tensor:
        count, log_softmax = hits.sum(-1), rows.log_softmax(-1)
        log_probability = (log_softmax * hits).sum(-1) / count.clamp_min(1)
        if label_smoothing:
            spread = log_softmax.mean(-1) * (count > 0)
            log_probability = (1 - label_smoothing) * log_probability + label_smoothing * spread
        return -log_probability.sum() / (count > 0).sum().clamp_min(1)

    return (one_side(logits, positives) + one_side(logits.T, positives.T)) / 2


def classification(logits: Tensor, categories: Tensor, weight: Tensor | None = None) -> Tensor:
    """Cross entropy of object classes (paper, L_CLS). logits (..., C), categories (...), -1 to leave out."""
    flat, labels = logits.flatten(0, -2), categories.flatten()
    kept = labels >= 0
    if not bool(kept.any()):
        return flat.sum() * 0
    return F.cross_entropy(flat[kept], labels[kept], weight=weight)


def focal(logits: Tensor, targets: Tensor, counted: Tensor | bool = True, gamma: float = 2.0) -> Tensor:
    """Focal binary cross entropy: the sum of (1 - p_t)^gamma (-log p_t), divided by the number of positives.

    Patches that show the drawn thing are few among all patches of all pictures: easy negatives must not drown
    them (paper, L_OD, the part that says where).

    Args:
        logits: any shape.
        targets: bool or 0..1, the same shape.
        counted: bool, broadcast to it; False where nobody knows the target.
    """
    targets = targets.float() * counted
    probability = logits.sigmoid()
    wrong = probability * (1 - targets) + (1 - probability) * targets
    entropy = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    return (wrong**gamma * entropy * counted).sum() / targets.sum().clamp_min(1)


def attention_to_object(attention: Tensor, coverage: Tensor) -> Tensor:
    """Cross entropy between the attention and the patches that the drawn object covers (paper, L_OD).

    Args:
        attention: alpha, (B, P), rows sum to 1.
        coverage: share of each patch that the object covers, (B, P) in 0..1; rows of zeros don't count.
    """
    total = coverage.sum(-1)
    wanted = coverage / total.clamp_min(1e-6)[:, None]
    per_query = -(wanted * attention.clamp_min(1e-8).log()).sum(-1)
    counted = total > 0
    return (per_query * counted).sum() / counted.sum().clamp_min(1)


def intersection_over_union(first: Tensor, second: Tensor) -> Tensor:
    """IoU of boxes x0, y0, x1, y1, pair by pair: (..., 4), (..., 4) -> (...) in 0..1."""
    overlap, union = _overlap_and_union(first, second)
    return overlap / union.clamp_min(1e-9)


def _overlap_and_union(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    overlap = (
        (torch.minimum(first[..., 2:], second[..., 2:]) - torch.maximum(first[..., :2], second[..., :2]))
        .clamp_min(0)
        .prod(-1)
    )
    areas = [(box[..., 2:] - box[..., :2]).clamp_min(0).prod(-1) for box in (first, second)]
    return overlap, areas[0] + areas[1] - overlap


def generalized_iou(first: Tensor, second: Tensor) -> Tensor:
    """GIoU of boxes x0, y0, x1, y1, pair by pair: (..., 4), (..., 4) -> (...) in -1..1."""
    overlap, union = _overlap_and_union(first, second)
    hull = (
        (torch.maximum(first[..., 2:], second[..., 2:]) - torch.minimum(first[..., :2], second[..., :2]))
        .clamp_min(0)
        .prod(-1)
    )
    return overlap / union.clamp_min(1e-9) - (hull - union) / hull.clamp_min(1e-9)


def box_regression(predicted: Tensor, boxes: Tensor) -> Tensor:
    """L1 + (1 - GIoU), the mean over boxes (paper, L_OD, the part that says how large). (M, 4), (M, 4)"""
    if len(predicted) == 0:
        return predicted.sum() * 0
    return (predicted - boxes).abs().mean() + (1 - generalized_iou(predicted, boxes)).mean()


def reconstruction(ink_logits: Tensor, ink: Tensor) -> Tensor:
    """How well the sketch can be redrawn from the attended picture (paper, L_SR).

    Args:
        ink_logits: (B, s, s).
        ink: the query's sketch, (B, s, s) in 0..1, ink high.
    """
    return F.binary_cross_entropy_with_logits(ink_logits, ink)


def recognition(logits: Tensor, probabilities: Tensor) -> Tensor:
    """Cross entropy of a picture's names with what a recogniser takes it for; both (B, C)."""
    return -(probabilities * logits.log_softmax(-1)).sum(-1).mean()


def feature_distillation(predicted: Tensor, teacher: Tensor) -> Tensor:
    """1 - cosine, position by position, of predicted and standardised teacher features, each (B, C, h, w)."""
    return (1 - F.cosine_similarity(predicted.float(), teacher.float(), dim=1)).mean()
