"""A checkpoint against a suite: every query scored against every picture (exhaustive), by modality."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.encoding import EncodedSuite, encode_suite
from stnet.evaluation.localizing import localization
from stnet.evaluation.metrics import chance_recall, retrieval
from stnet.evaluation.oracle import Oracle
from stnet.evaluation.ranking import Rankings, Retrieved, pool_sizes, rank
from stnet.evaluation.suites.base import Suite
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor

PERCENTILES = (50, 75, 90, 95, 99)


def evaluate(
    model: STNetModel, processor: STNetProcessor, suite: Suite, *, workers: int = 0
) -> dict[str, Any]:
    """All figures of one checkpoint on one suite: `measure` of `encode_suite`, see there."""
    model.eval()
    return measure(model, encode_suite(model, processor, suite, workers=workers))


def measure(model: STNetModel, encoded: EncodedSuite) -> dict[str, Any]:
    """All figures of an encoded suite; shares in per cent, ranks from 1, ties against the model.

    Returns:
        `suite`, `complete` (False for a part of it), `images`, `queries`, `chance`: R@10 of guessing.
        By modality (sketch+text, sketch, text; sketch alone if the suite has no words):
        `retrieval`: R@K, MdR. `oracle`: the same for perfect perception, where it is known what the words
        state, or for sketches alone.
        `groups`: queries, R@10 and MdR by kind of query.
        `candidates`: share of the exhaustive top 10 that the index's first so many hold.
        `percentile`: share of targets that reach a percentile, beside a picture at random; and by how many
        points the percentiles that a search states are too high, since what it doesn't score counts as worse.
        Besides: `sketch by category` (mAP@100, Prec@10, Prec@100, chance), None without sketches;
        `localization` (see there); with both halves `gain`: points of R@10 that they add to the better one.
    """
    rankings, images = rank(model, encoded), encoded.images
    figures = retrieval_figures(encoded, rankings) | {
        "localization": localization(model, encoded),
        "candidates": {name: _candidates(images, found) for name, found in rankings.items()},
        "percentile": {name: _percentiles(images, found) for name, found in rankings.items()},
    }
    return figures | gain(figures["retrieval"])


def retrieval_figures(asked: AskedSuite, rankings: Mapping[str, Retrieved]) -> dict[str, Any]:
    """What rankings by modality say, whoever ranked: `measure`'s figures up to "sketch by category"."""
    oracle = Oracle(asked.objects)
    known = any(query.facts for query in asked.queries)
    return {
        "suite": asked.name,
        "complete": asked.complete,
        "images": asked.images,
        "queries": len(asked.queries),
        "chance": {"R@10": chance_recall(asked.right(slice(None)), 10)},
        "retrieval": {name: retrieval(found.ranks) for name, found in rankings.items()},
        "oracle": {
            name: oracle.figures(asked.queries, name) for name in rankings if name == "sketch" or known
        },
        "groups": {name: _by_group(asked, found.ranks) for name, found in rankings.items()},
        "sketch by category": _by_category(asked, rankings["sketch"]) if "sketch" in rankings else None,
    }


def gain(table: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """`gain` of a table of retrieval by modality; nothing where a modality is missing."""
    if not {"sketch+text", "sketch", "text"} <= table.keys():
        return {}
    better = max(table["sketch"]["R@10"], table["text"]["R@10"])
    return {"gain": {"R@10": table["sketch+text"]["R@10"] - better}}


def _by_group(asked: AskedSuite, ranks: np.ndarray) -> dict[str, dict[str, float]]:
    groups = sorted({group for query in asked.queries for group in query.groups})
    table = {}
    for group in groups:
        chosen = ranks[[group in query.groups for query in asked.queries]]
        figures = retrieval(chosen)
        table[group] = {"queries": len(chosen), "R@10": figures["R@10"], "MdR": figures["MdR"]}
    return table


def _by_category(asked: AskedSuite, found: Retrieved) -> dict[str, dict[str, float]]:
    """Means over all queries, and over categories, so that frequent ones don't drown the others."""
    columns = {
        "mAP@100": found.average_precision,
        "Prec@10": found.precision_10,
        "Prec@100": found.precision_100,
        "chance": found.chance,
    }
    values = 100 * np.stack(list(columns.values()), axis=1)
    names = np.array([query.category for query in asked.queries])
    categories = np.stack([values[names == name].mean(0) for name in np.unique(names)])
    means = {"mean of queries": values.mean(0), "mean of categories": categories.mean(0)}
    return {
        label: dict(zip(columns, mean.tolist(), strict=True))
        | {"Prec@10 over chance": float(mean[1] / mean[3])}
        for label, mean in means.items()
    } | {"categories": {"number": len(categories)}}


def _candidates(images: int, found: Rankings) -> dict[str, float]:
    return dict(zip(pool_sizes(images), (100 * found.held.mean(0)).tolist(), strict=True))


def _percentiles(images: int, found: Rankings) -> dict[str, Any]:
    """A picture's percentile is the share of the gallery that scores lower: 100 (N - rank) / N."""
    reached = {}
    for percentile in PERCENTILES:
        last = images * (100 - percentile) // 100  # the last rank that has this percentile
        reached[str(percentile)] = {
            "targets": float(100 * (found.ranks <= last).mean()),
            "chance": 100 * last / images,
        }
    return {"reached": reached, "stated too high by": float(found.overstated.mean())}
