"""The score in float64, one picture at a time: what `scoring` and `scoring_kernel` must equal."""

import numpy as np


def reference_scores(
    sketch: np.ndarray,
    query: np.ndarray,
    patches: np.ndarray,
    temperature: float,
    sizes: np.ndarray | None = None,
) -> np.ndarray:
    """cos(Q, V) of one query and N pictures (arXiv 2502.08438, section 4).

    Args:
        sketch: h_S, (D,).
        query: Q = h_T * h_S, (D,).
        patches: H, (N, P, D).
        temperature: tau > 0.
        sizes: for how many patches each row of H stands, (N, P), 0 for none; default 1.

    Returns:
        float64 (N,) in -1..1; 0 where Q or V is zero.
    """
    counts = np.ones(patches.shape[:2]) if sizes is None else np.asarray(sizes, dtype=np.float64)
    return np.array(
        [_cosine(query, _localized(sketch, *one, temperature)) for one in zip(patches, counts, strict=True)]
    )


def _localized(sketch: np.ndarray, patches: np.ndarray, sizes: np.ndarray, temperature: float) -> np.ndarray:
    """V of one picture: H (P, D), sizes (P,) -> (D,)"""
    features = np.asarray(patches, dtype=np.float64)
    logits = features @ np.asarray(sketch, dtype=np.float64) / temperature
    weights = sizes * np.exp(logits - logits[sizes > 0].max())
    attention = weights / weights.sum()
    return attention @ features


def _cosine(query: np.ndarray, localized: np.ndarray) -> float:
    wanted = np.asarray(query, dtype=np.float64)
    lengths = float(np.linalg.norm(wanted) * np.linalg.norm(localized))
    return float(wanted @ localized) / lengths if lengths > 0 else 0.0
