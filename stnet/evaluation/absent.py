"""Words that name a thing: how often the best picture is called close, with the thing in the gallery or not.

Every category of a suite is asked for by its name, and at ten places. For "not", all pictures of the category
are left out, and the rest is calibrated anew. Each is judged by nonsense alone, and as the search does it.
"""

from collections.abc import Mapping

import numpy as np
import torch

from stnet.checkpoint import LoadedModel
from stnet.evaluation.encoding import EncodedSuite, encode_texts
from stnet.evaluation.matching import (
    JudgedGallery,
    NamedThings,
    asked_by_words,
    percent,
    suite_scores,
    without_category,
)
from stnet.evaluation.ranking import ModalityVectors
from stnet.search.nonsense import Nonsense

PLACES = (
    *("on the grass", "in the snow", "in the kitchen", "on the table", "in the street"),
    *("under water", "in the forest", "at night", "by the sea", "in the living room"),
)
ASKED = {"a name": ("",), "a name at a place": tuple(f" {place}" for place in PLACES)}
RULES = ("nonsense alone", "with names")
Figures = dict[str, dict[str, float]]


@torch.inference_mode()
def absent_quality(loaded: LoadedModel, encoded: EncodedSuite) -> dict[str, Figures]:
    """Shares in per cent of words called close, by what is asked and by the rule that judges.

    Returns:
        `right`: the thing is in the gallery and the best picture shows it (`right queries` of `queries`);
        `wrong`: it is there, but the best picture doesn't show it; `absent`: no picture shows it.

    Raises:
        ValueError: if all pictures show one category.
    """
    shown = [{thing.category for thing in objects} for objects in encoded.objects]
    categories = sorted({query.category for query in encoded.queries})
    nonsense = ModalityVectors(*Nonsense(loaded).vectors("text"))
    gallery = JudgedGallery.of(suite_scores(loaded, encoded, nonsense))
    names = NamedThings.of(loaded, encoded)
    figures = {}
    for kind, endings in ASKED.items():
        asked = [(category, f"a {category}{ending}") for category in categories for ending in endings]
        texts = [text for _, text in asked]
        queries = encode_texts(loaded.model, loaded.processor, texts) * loaded.model.neutral_sketch
        scores = suite_scores(loaded, encoded, asked_by_words(loaded, queries))
        shows = np.array([[category in things for things in shown] for category, _ in asked])
        present, absent = gallery.judge(scores), without_category(gallery, scores, shows)
        right = shows[np.arange(len(asked)), present.row]
        judged = zip(
            RULES,
            ((present, absent), (names.strict(present, texts), names.strict(absent, texts))),
            strict=True,
        )
        figures[kind] = {
            rule: {
                "queries": len(asked),
                "right queries": int(right.sum()),
                "right": percent(there.close[right]),
                "wrong": percent(there.close[~right]),
                "absent": percent(away.close),
            }
            for rule, (there, away) in judged
        }
    return figures


def markdown(figures: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """The shares as a table."""
    lines = [
        "| called close, % | judged | best picture shows the thing (queries) "
        "| the thing is there, the best picture shows another (queries) | thing left out (queries) |",
        "|---|---|---:|---:|---:|",
    ]
    for kind, rules in figures.items():
        for rule, row in rules.items():
            wrong = row["queries"] - row["right queries"]
            lines.append(
                f"| {kind} | {rule} | {row['right']:.1f} ({row['right queries']}) "
                f"| {row['wrong']:.1f} ({wrong}) | {row['absent']:.1f} ({row['queries']}) |"
            )
    return "\n".join(lines)
