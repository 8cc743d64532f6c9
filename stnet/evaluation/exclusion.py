"""Does "not this" keep it away? Drawings alone, without the place or other thing that they find most of."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import torch

from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.encoding import EncodedSuite, encode_texts
from stnet.evaluation.ranking import ModalityVectors, Relevance, score_chunks
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.search.exclusion import WEIGHT, take_away

SHOWN = 10
PLACE = "place"


@torch.inference_mode()
def exclusion_quality(
    model: STNetModel, processor: STNetProcessor, encoded: EncodedSuite, weights: Sequence[float] = (WEIGHT,)
) -> dict[str, dict[str, float]]:
    """Of the first ten for each drawing: how many show the drawn thing, how many what is left out.

    What is left out is said in words: the place that most of the first ten are in or, where no places are
    known, the thing that most of them show beside the drawn one. Drawings that find neither are left aside.

    Returns:
        By weight, "0" first: `unwanted` and `drawn thing`, in per cent of the first ten, and `queries`.

    Raises:
        ValueError: if no drawing finds anything to leave out.
    """
    drawn = ModalityVectors(encoded.sketches, encoded.sketches * encoded.names)
    first = _first(model, encoded, drawn)
    unwanted = unwanted_labels(encoded, first)
    asked = np.array([number for number, label in enumerate(unwanted) if label is not None])
    if not asked.size:
        raise ValueError(f"the drawings of {encoded.name} find nothing that could be left out")
    labels = [label for label in unwanted if label is not None]
    away = model.neutral_sketch * encode_texts(model, processor, labels)
    shows_it = np.stack([[label in shown for shown in _labels(encoded)] for label in labels])
    shows_thing = Relevance(encoded).of(slice(0, len(encoded.queries)))[asked]
    vectors = ModalityVectors(*(part[asked] for part in drawn))
    figures = {"0": _shares(first[asked], shows_it, shows_thing)}
    for weight in weights:
        turned = ModalityVectors(vectors.sketch, take_away(vectors.query, [away], weight))
        figures[f"{weight:g}"] = _shares(_first(model, encoded, turned), shows_it, shows_thing)
    return figures


def unwanted_labels(asked: AskedSuite, first: np.ndarray) -> list[str | None]:
    """What most of each query's first pictures (Q, K) show beside the drawn thing; None for nothing."""
    shown, labels = _labels(asked), []
    for query, rows in zip(asked.queries, first, strict=True):
        counts = Counter(name for row in rows for name in sorted(shown[row]) if name != query.category)
        labels.append(counts.most_common(1)[0][0] if counts else None)
    return labels


def _labels(asked: AskedSuite) -> list[set[str]]:
    """The places of each picture; where none are known in the whole suite, the things on it."""
    places = [
        {fact.value for thing in things for fact in thing.facts if fact.kind == PLACE}
        for things in asked.objects
    ]
    return places if any(places) else [{thing.category for thing in things} for things in asked.objects]


def _first(model: STNetModel, encoded: EncodedSuite, asked: ModalityVectors) -> np.ndarray:
    """Rows of the first SHOWN pictures, (Q, SHOWN)."""
    chunks = score_chunks({"all": asked}, encoded.patches, model.temperature)
    return np.concatenate(
        [np.argsort(-found["all"], axis=1, kind="stable")[:, :SHOWN] for _, found in chunks]
    )


def _shares(first: np.ndarray, shows_it: np.ndarray, shows_thing: np.ndarray) -> dict[str, float]:
    unwanted, thing = (
        float(100 * np.take_along_axis(shows, first, axis=1).mean()) for shows in (shows_it, shows_thing)
    )
    return {"unwanted": unwanted, "drawn thing": thing, "queries": len(first)}


def markdown(figures: Mapping[str, Mapping[str, float]]) -> str:
    """The shares as a table."""
    lines = [
        "| weight of what is left out | first ten that show it, % | first ten that show the drawn thing, % |",
        "|---|---:|---:|",
    ]
    for weight, row in figures.items():
        lines.append(f"| {weight} | {row['unwanted']:.1f} | {row['drawn thing']:.1f} |")
    return "\n".join(lines)
