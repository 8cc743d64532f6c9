"""How the ranks of drawings with known strokes change as the drawing gets worse."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from torch import Tensor

from stnet.data.drawings.changes import moved, rotated, scaled, unfinished
from stnet.data.drawings.sketches import fit
from stnet.evaluation.encoding import (
    EncodedSuite,
    encode_named_texts,
    encode_names,
    encode_sketches,
    prepare_sketch,
)
from stnet.evaluation.metrics import retrieval, target_ranks
from stnet.evaluation.ranking import modality_queries, score_chunks
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.strokes import CANVAS, Strokes, render_strokes

Change = Callable[[Strokes], Strokes]


CHANGES: Mapping[str, Change] = {
    "as drawn": lambda strokes: strokes,
    "first 75 % drawn": lambda strokes: unfinished(strokes, 0.25),
    "first 50 % drawn": lambda strokes: unfinished(strokes, 0.5),
    "first 25 % drawn": lambda strokes: unfinished(strokes, 0.75),
    "moved to a corner, half the size": lambda strokes: moved(scaled(strokes, 0.5), 0.25, 0.25),
    "moved by 20 %, partly off the canvas": lambda strokes: moved(strokes, 0.2, 0.0),
    "a third of the size": lambda strokes: scaled(strokes, 1 / 3),
    "a fifth of the size": lambda strokes: scaled(strokes, 0.2),
    "rotated by 15 degrees": lambda strokes: rotated(strokes, 15),
    "rotated by 30 degrees": lambda strokes: rotated(strokes, 30),
    "rotated by 45 degrees": lambda strokes: rotated(strokes, 45),
    "upside down": lambda strokes: rotated(strokes, 180),
}
WIDTHS = {"pen half as wide": 1.0, "pen three times as wide": 6.0}
RATIOS = ("first 50 % drawn", "rotated by 30 degrees")  # what an unpractised hand does most
_PEN = 2.0


def robustness(model: STNetModel, processor: STNetProcessor, encoded: EncodedSuite) -> dict[str, Any]:
    """How much of R@10 is left when the drawings whose strokes are known get worse.

    Returns:
        `queries`: how many drawings. `changes`: R@10 in per cent by change and modality.
        `over whole`: that of RATIOS over that of the drawings as drawn, None where these find nothing.

    Raises:
        ValueError: if no query has strokes.
    """
    numbers = [number for number, query in enumerate(encoded.queries) if query.strokes is not None]
    if not numbers:
        raise ValueError(f"no query of {encoded.name} has strokes: nothing to take away, move or turn")
    chosen = replace(
        encoded,
        sketches=encoded.sketches[numbers],
        texts=None if encoded.texts is None else encoded.texts[numbers],
        names=encoded.names[numbers],
        named_texts=None if encoded.named_texts is None else encoded.named_texts[numbers],
        queries=[encoded.queries[number] for number in numbers],
    )
    drawings = [fit(query.strokes) for query in chosen.queries if query.strokes is not None]
    table = {
        name: _recall(model, processor, chosen, drawings, change, _PEN) for name, change in CHANGES.items()
    }
    for name, width in WIDTHS.items():
        table[name] = _recall(model, processor, chosen, drawings, CHANGES["as drawn"], width)
    return {"queries": len(numbers), "changes": table, "over whole": over_whole(table)}


def _redrawn(
    model: STNetModel, processor: STNetProcessor, encoded: EncodedSuite, sketches: Tensor
) -> EncodedSuite:
    """The suite asked with other drawings, which may be taken for other things."""
    words, texts = [query.text or "" for query in encoded.queries], encoded.texts
    return replace(
        encoded,
        sketches=sketches,
        names=encode_names(model, processor, sketches),
        named_texts=None if texts is None else encode_named_texts(model, processor, sketches, words, texts),
    )


def over_whole(table: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float | None]]:
    """R@10 of the changes in RATIOS as a share of that of the drawings as drawn, by modality."""
    whole = table["as drawn"]
    return {
        change: {name: table[change][name] / value if value else None for name, value in whole.items()}
        for change in RATIOS
    }


def _recall(
    model: STNetModel,
    processor: STNetProcessor,
    encoded: EncodedSuite,
    drawings: list[Strokes],
    change: Change,
    width: float,
) -> dict[str, float]:
    inks = [render_strokes(change(strokes), size=CANVAS, width=width) for strokes in drawings]
    sketches = encode_sketches(model, [prepare_sketch(processor, ink) for ink in inks])
    vectors = modality_queries(model, _redrawn(model, processor, encoded, sketches))
    vectors.pop("text", None)  # asks without a drawing
    ranks: dict[str, list[np.ndarray]] = {name: [] for name in vectors}
    for rows, scores in score_chunks(vectors, encoded.patches, model.temperature):
        for name, found in scores.items():
            ranks[name].append(target_ranks(found, encoded.right(rows)))
    return {name: retrieval(np.concatenate(found))["R@10"] for name, found in ranks.items()}
