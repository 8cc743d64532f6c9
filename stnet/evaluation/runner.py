"""A checkpoint against a suite: every query scored against every picture (exhaustive), by modality."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.data.suites import Query, SceneSuite
from stnet.evaluation.metrics import intersection_over_union, points_inside, retrieval, target_ranks
from stnet.modeling import STNetModel
from stnet.processing import STNetProcessor
from stnet.scoring import attend, score_all_pairs

MODALITIES = ("sketch+text", "sketch", "text")
IMAGE_BATCH = 64
QUERY_CHUNK = 32


@dataclass(frozen=True)
class EncodedQueries:
    """h_S and h_T of all queries, each (Q, D)."""

    sketch: Tensor
    text: Tensor


@torch.inference_mode()
def encode_pictures(model: STNetModel, processor: STNetProcessor, suite: SceneSuite) -> Tensor:
    """Patch features of the suite's pictures: (N, P, D)"""
    batches = []
    for start in tqdm(range(0, suite.size, IMAGE_BATCH), desc=f"{suite.name}: pictures", leave=False):
        rows = range(start, min(start + IMAGE_BATCH, suite.size))
        pictures = [Image.fromarray(suite.scene(row).image) for row in rows]
        batches.append(model.encode_image(processor.images(pictures).to(model.device)).float())
    return torch.cat(batches)


@torch.inference_mode()
def encode_queries(model: STNetModel, processor: STNetProcessor, queries: list[Query]) -> EncodedQueries:
    """Both halves of every query, through the processor that search uses."""
    sketches, texts = [], []
    for query in tqdm(queries, desc="queries", leave=False):
        sketch = processor.sketch(Image.fromarray(255 - query.sketch))
        words = processor.text(query.text)
        assert sketch is not None and words is not None  # suites have neither blank sketches nor empty texts
        sketches.append(model.encode_sketch(sketch.to(model.device)).float())
        ids, mask = words.input_ids.to(model.device), words.attention_mask.to(model.device)
        texts.append(model.encode_text(ids, mask).float())
    return EncodedQueries(torch.cat(sketches), torch.cat(texts))


def modality_vectors(model: STNetModel, queries: EncodedQueries, modality: str) -> tuple[Tensor, Tensor]:
    """(h_S, Q) with the half that the modality lacks replaced by its neutral vector, each (Q, D)."""
    sketch = model.neutral_sketch.expand_as(queries.sketch) if modality == "text" else queries.sketch
    text = model.neutral_text.expand_as(queries.text) if modality == "sketch" else queries.text
    return sketch, text * sketch


@torch.inference_mode()
def _score_chunks(
    model: STNetModel, sketch: Tensor, query: Tensor, patches: Tensor
) -> Iterator[tuple[Tensor, Tensor]]:
    for start in range(0, len(sketch), QUERY_CHUNK):
        rows = slice(start, start + QUERY_CHUNK)
        attention = attend(sketch[rows], patches, model.temperature)
        yield score_all_pairs(attention, query[rows], patches), attention


@torch.inference_mode()
def _localization(model: STNetModel, attention: Tensor, patches: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """The strongest patch's centre (Q, 2) and the predicted box (Q, 4) of each query on its own picture."""
    rows, columns = model.config.grid
    best = attention.argmax(-1)
    points = torch.stack([(best % columns + 0.5) / columns, (best // columns + 0.5) / rows], dim=-1)
    return points.cpu().numpy(), model.predict_box(patches, attention).cpu().numpy()


def _groups() -> dict[str, Callable[[Query], bool]]:
    return {
        "human sketches": lambda query: query.sketch_source == "human",
        "traced sketches": lambda query: query.sketch_source == "traced",
        "wording seen in training": lambda query: query.wording == "training",
        "held-out wording": lambda query: query.wording == "held-out",
    }


def evaluate(model: STNetModel, processor: STNetProcessor, suite: SceneSuite) -> dict[str, object]:
    """All figures of one checkpoint on one suite.

    Returns:
        `suite`, `images`, `queries`; `retrieval` by modality (R@K in per cent, MdR); `sketch+text by group`
        with R@10 and how many queries; `localization`: pointing game and its chance (area of the boxes) in
        per cent, mean IoU.
    """
    model.eval()
    patches = encode_pictures(model, processor, suite)
    queries = suite.queries
    encoded = encode_queries(model, processor, queries)
    targets = np.array([query.image for query in queries])
    boxes = np.array([query.box for query in queries])
    table: dict[str, dict[str, float]] = {}
    for modality in MODALITIES:
        sketch, query = modality_vectors(model, encoded, modality)
        chunks = list(_own_scores(model, sketch, query, patches, targets))
        ranks = target_ranks(np.concatenate([scores for scores, _ in chunks]), targets)
        table[modality] = retrieval(ranks)
        if modality == "sketch+text":
            own = torch.cat([attention for _, attention in chunks])
            points, predicted = _localization(model, own, patches[torch.from_numpy(targets)])
            both = ranks
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return {
        "suite": suite.name,
        "images": suite.size,
        "queries": len(queries),
        "retrieval": table,
        "sketch+text by group": _by_group(queries, both),
        "localization": {
            "pointing game": float(100 * points_inside(points, boxes).mean()),
            "pointing game, chance": float(100 * areas.mean()),
            "mean IoU": float(intersection_over_union(predicted, boxes).mean()),
        },
    }


def _own_scores(
    model: STNetModel, sketch: Tensor, query: Tensor, patches: Tensor, targets: np.ndarray
) -> Iterator[tuple[np.ndarray, Tensor]]:
    """Scores (chunk, N), and the attention on each query's own picture only (chunk, P)."""
    start = 0
    for scores, attention in _score_chunks(model, sketch, query, patches):
        columns = torch.from_numpy(targets[start : start + len(scores)]).to(attention.device)
        yield scores.cpu().numpy(), attention[torch.arange(len(scores)), columns].clone()
        start += len(scores)


def _by_group(queries: list[Query], ranks: np.ndarray) -> dict[str, dict[str, float]]:
    groups: dict[str, dict[str, float]] = {}
    for name, belongs in _groups().items():
        chosen = ranks[[belongs(query) for query in queries]]
        if len(chosen):
            groups[name] = {"queries": len(chosen), "R@10": float(100 * (chosen <= 10).mean())}
    return groups
