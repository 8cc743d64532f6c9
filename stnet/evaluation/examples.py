"""A picture of queries with what they find: good and bad ones, chosen by rule and not by eye."""

import textwrap
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from stnet.evaluation.encoding import EncodedSuite
from stnet.evaluation.metrics import target_ranks
from stnet.evaluation.ranking import modality_queries, score_chunks
from stnet.evaluation.suites.base import Suite
from stnet.model.modeling import STNetModel
from stnet.model.scoring import attend
from stnet.search.heatmaps import draw_box, heatmap_overlay

QUANTILES = (0.05, 0.25, 0.5, 0.65, 0.8, 0.95)
SHOWN = 5
_TILE, _GAP, _WORDS, _CAPTION = 144, 10, 210, 22  # pixels
_INK, _FRAME = (30, 35, 45), (20, 150, 70)


def at_quantiles(ranks: np.ndarray, quantiles: Sequence[float] = QUANTILES) -> list[int]:
    """The queries at these shares of the list that is sorted by rank, best first, ties by number."""
    order = np.argsort(ranks, kind="stable")
    return [int(order[int(share * len(order))]) for share in quantiles]


@torch.inference_mode()
def show(model: STNetModel, encoded: EncodedSuite, suite: Suite) -> Image.Image:
    """Queries at QUANTILES of their rank, one a row: drawing, words, the first five with heat maps and boxes.

    A wanted picture has a green frame. The queries have both halves where the suite has both.
    """
    asked = next(iter(modality_queries(model, encoded).values()))
    chunks = score_chunks({"query": asked}, encoded.patches, model.temperature)
    scores = np.concatenate([found["query"] for _, found in chunks])
    ranks = target_ranks(scores, encoded.right(slice(None)))
    rows = []
    for number in at_quantiles(ranks):
        best = np.argsort(-scores[number], kind="stable")[:SHOWN]
        attention = attend(encoded.sketches[number][None], encoded.patches[best], model.temperature)[0]
        rows.append(_row(model, encoded, suite, number, int(ranks[number]), best, attention))
    sheet = Image.new("RGB", (rows[0].width, sum(row.height for row in rows)), "white")
    for place, row in enumerate(rows):
        sheet.paste(row, (0, place * row.height))
    return sheet


def _row(
    model: STNetModel,
    encoded: EncodedSuite,
    suite: Suite,
    number: int,
    rank: int,
    best: np.ndarray,
    attention: torch.Tensor,
) -> Image.Image:
    query = encoded.queries[number]
    row = Image.new(
        "RGB", (_TILE + _WORDS + len(best) * (_TILE + _GAP) + 2 * _GAP, _TILE + _CAPTION + _GAP), "white"
    )
    pen = ImageDraw.Draw(row)
    if query.sketch is not None:
        row.paste(Image.fromarray(255 - query.sketch).resize((_TILE, _TILE)), (_GAP, 0))
    words = textwrap.fill(query.text or "", 30)
    pen.multiline_text((_TILE + 2 * _GAP, _GAP), words, fill=_INK, font=ImageFont.load_default(14), spacing=6)
    pen.text((_GAP, _TILE + 2), f"wanted picture: place {rank}", fill=_INK, font=ImageFont.load_default(13))
    boxes = model.predict_box(encoded.patches[best], attention).tolist()
    largest, maps = float(attention.max()), attention.cpu().numpy().reshape(-1, *model.config.grid)
    for place, (picture, box, heatmap) in enumerate(zip(best, boxes, maps, strict=True)):
        pixels = Image.fromarray(suite.entry(int(picture)).pixels).resize((_TILE, _TILE))
        tile = draw_box(heatmap_overlay(pixels, heatmap, largest), tuple(box))
        left = _TILE + _WORDS + 2 * _GAP + place * (_TILE + _GAP)
        if picture == query.image or int(picture) in query.also:
            pen.rectangle((left - 4, 0, left + _TILE + 3, _TILE + 7), fill=_FRAME)
        row.paste(tile, (left, 4))
    return row
