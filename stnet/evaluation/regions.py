"""Search by a region of a picture: how many of the first ten show the same thing as the region does."""

from collections.abc import Mapping

import numpy as np
import torch

from stnet.evaluation.encoding import EncodedSuite
from stnet.evaluation.metrics import precision, relevance_in_order
from stnet.evaluation.ranking import ModalityVectors, score_chunks
from stnet.gallery.vectors import overall_vectors
from stnet.model.modeling import STNetModel
from stnet.search.region import region_sketch

SHOWN = 10


@torch.inference_mode()
def region_quality(model: STNetModel, encoded: EncodedSuite) -> dict[str, float]:
    """Prec@10 by category in per cent, each object of each picture asked for by its true box.

    Returns:
        `objects`; `region`: searches with the object's box; `picture`: with the whole picture, no box;
        `chance`: pictures at random. The picture itself is never among the results.
    """
    things = [(row, thing) for row, shown in enumerate(encoded.objects) for thing in shown]
    rows, categories = np.array([row for row, _ in things]), [thing.category for _, thing in things]
    sketches = torch.stack(
        [region_sketch(encoded.patches[row], thing.box, model.config.grid) for row, thing in things]
    )
    holds, overall = _holding(encoded), overall_vectors(model, encoded.patches)
    queries = {"region": ModalityVectors(sketches, sketches * model.neutral_text)}
    by_region, by_picture, chance = [], [], []
    for chunk, scores in score_chunks(queries, encoded.patches, model.temperature):
        own, relevant = rows[chunk], np.stack([holds[name] for name in categories[chunk]])
        by_region.append(precision_without(scores["region"], own, relevant))
        by_picture.append(precision_without((overall[own] @ overall.T).cpu().numpy(), own, relevant))
        chance.append((relevant.sum(1) - 1) / (len(encoded.patches) - 1))
    found = {"region": by_region, "picture": by_picture, "chance": chance}
    means = {name: float(100 * np.concatenate(values).mean()) for name, values in found.items()}
    return {"objects": len(things)} | means


def _holding(encoded: EncodedSuite) -> dict[str, np.ndarray]:
    """Which pictures show a thing of each category: (N,) bool"""
    shown = [{thing.category for thing in things} for things in encoded.objects]
    return {name: np.array([name in names for names in shown]) for name in set[str]().union(*shown)}


def precision_without(scores: np.ndarray, own: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Prec@10 of searches that leave out the picture that they start from.

    scores (K, N), own (K,) the row of that picture, relevant (K, N) bool -> (K,) in 0..1
    """
    others = np.ones(scores.shape, bool)
    others[np.arange(len(own)), own] = False
    shape = (len(own), -1)
    ordered = relevance_in_order(scores[others].reshape(shape), relevant[others].reshape(shape))
    return precision(ordered, SHOWN)


def markdown(figures: Mapping[str, float]) -> str:
    """The figures as a table. `objects` may be unknown."""
    asked = f" ({figures['objects']} objects)" if "objects" in figures else ""
    return "\n".join(
        [
            f"| the first ten that show the same thing{asked} | Prec@10, % |",
            "|---|---:|",
            f"| like the object's box | {figures['region']:.1f} |",
            f"| like the whole picture | {figures['picture']:.1f} |",
            f"| at random | {figures['chance']:.1f} |",
        ]
    )
