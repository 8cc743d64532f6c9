"""Systems against a suite: pictures and drawings are made and seen once, however many systems rank them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np
import torch
from torch import Tensor

from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.encoding import prepared_batches
from stnet.evaluation.ranking import QUERY_CHUNK, Relevance, Retrieved, joined, retrieved
from stnet.evaluation.runner import gain, retrieval_figures
from stnet.evaluation.suites.base import Suite
from stnet.model.processing import STNetProcessor
from stnet.systems.interface import Encoder, Modality, Queries, System

TIMED = 50  # queries that are searched one by one


@dataclass(frozen=True)
class Seen:
    """What an encoder made of a suite: `stored` (N, ...) of its pictures, `sketches` (Q, hidden) or None."""

    stored: Tensor
    sketches: Tensor | None


def see(
    systems: Sequence[System], suite: Suite, *, workers: int = 0
) -> tuple[AskedSuite, dict[Encoder, Seen]]:
    """Make the suite once; every encoder of the systems sees it.

    Args:
        workers: processes that make and prepare the pictures (0: this one does).

    Raises:
        ValueError: if the suite has no query, only some have a sketch, or the systems prepare pictures
            differently.
    """
    processors = {id(system.processor): system.processor for system in systems}
    if len(processors) != 1:
        raise ValueError(f"systems seen together need one checkpoint; got {len(processors)}")
    (processor,) = processors.values()
    encoders = list({system.encoder: None for system in systems})
    return see_through(encoders, processor, suite, workers=workers)


@torch.inference_mode()
def see_through(
    encoders: Sequence[Encoder], processor: STNetProcessor, suite: Suite, *, workers: int = 0
) -> tuple[AskedSuite, dict[Encoder, Seen]]:
    """The same for encoders alone, which take what the processor prepares."""
    stored: dict[Encoder, list[Tensor]] = {encoder: [] for encoder in encoders}
    drawn: dict[Encoder, list[Tensor]] = {encoder: [] for encoder in encoders}
    asked = AskedSuite(suite.name, suite.complete, [], [])
    for batch in prepared_batches(suite, processor, workers):
        pictures = torch.from_numpy(np.stack([entry.picture for entry in batch]))
        inks = [sketch for entry in batch for sketch in entry.sketches]
        sketches = torch.from_numpy(np.stack(inks)) if inks else None
        for encoder in encoders:
            stored[encoder].append(encoder.pictures(pictures))
            if sketches is not None:
                drawn[encoder].append(encoder.sketches(sketches))
        asked.objects.extend(entry.objects for entry in batch)
        asked.queries.extend(query for entry in batch for query in entry.queries)
    _check_queries(asked)
    return asked, {
        encoder: Seen(torch.cat(stored[encoder]), torch.cat(drawn[encoder]) if drawn[encoder] else None)
        for encoder in encoders
    }


def _check_queries(asked: AskedSuite) -> None:
    if not asked.queries:
        raise ValueError(f"the suite {asked.name} has no query: nothing to measure")
    with_sketch = sum(query.sketch is not None for query in asked.queries)
    if with_sketch not in (0, len(asked.queries)):
        raise ValueError(
            f"{with_sketch} of {asked.name}'s {len(asked.queries)} queries have a sketch: all or none"
        )


def modalities(system: System, asked: AskedSuite) -> list[Modality]:
    """The kinds of queries that the suite has and the system answers; none if they don't fit."""
    missing = {name for name, there in (("sketch", asked.drawn), ("text", asked.worded)) if not there}
    return [kind for kind in system.asks if not missing & set(kind.split("+"))]


def required_modalities(system: System, asked: AskedSuite) -> list[Modality]:
    """The same. Raises ValueError if there are none."""
    kinds = modalities(system, asked)
    if not kinds:
        raise ValueError(f"{asked.name} has no queries that the system answers: {', '.join(system.asks)}")
    return kinds


@torch.inference_mode()
def ask(system: System, asked: AskedSuite, seen: Seen, modality: Modality) -> Queries:
    """All queries of the suite, read in this modality, in the system's form."""
    texts = [query.text for query in asked.queries if query.text is not None]
    return system.queries(
        None if modality == "text" else seen.sketches, None if modality == "sketch" else texts
    )


def rows_of(queries: Queries, rows: slice) -> Queries:
    """Some of the queries."""
    return {name: value[rows] for name, value in queries.items()}


@torch.inference_mode()
def measure_system(system: System, asked: AskedSuite, seen: Seen) -> dict[str, Any]:
    """All figures of a system on a suite.

    Raises:
        ValueError: if the suite has no queries that the system answers.

    Returns:
        What `stnet.evaluation.runner.retrieval_figures` says by modality, `gain` where there are both halves,
        and `search`: the system's `parameters`, `features` stored for a picture, and the CPU time of ranking
        the gallery for one query, in `milliseconds`, encoding left out.
    """
    index, kinds = system.index(seen.stored), required_modalities(system, asked)
    vectors = {kind: ask(system, asked, seen, kind) for kind in kinds}
    figures = retrieval_figures(asked, _rankings(system, asked, vectors, index))
    search = {
        "parameters": system.parameters,
        "features": seen.stored[0].numel(),
        "milliseconds": milliseconds(system, vectors[kinds[0]], index, min(TIMED, len(asked.queries))),
    }
    return figures | {"search": search} | gain(figures["retrieval"])


def _rankings(
    system: System, asked: AskedSuite, vectors: Mapping[Modality, Queries], index: Any
) -> dict[str, Retrieved]:
    relevance, found = Relevance(asked), {}
    for kind, queries in vectors.items():
        parts = []
        for start in range(0, len(asked.queries), QUERY_CHUNK):
            rows = slice(start, start + QUERY_CHUNK)
            scores = system.scores(rows_of(queries, rows), index).cpu().numpy()
            parts.append(retrieved(scores, asked.right(rows), relevance.of(rows)))
        found[str(kind)] = joined(parts)
    return found


@torch.inference_mode()
def all_scores(system: System, asked: AskedSuite, seen: Seen, modality: Modality | None = None) -> np.ndarray:
    """Scores of all queries, in this modality or the system's first, against all pictures: (Q, N)"""
    queries = ask(system, asked, seen, modality or required_modalities(system, asked)[0])
    index = system.index(seen.stored)
    starts = range(0, len(asked.queries), QUERY_CHUNK)
    parts = [system.scores(rows_of(queries, slice(first, first + QUERY_CHUNK)), index) for first in starts]
    return torch.cat(parts).cpu().numpy()


@torch.inference_mode()
def milliseconds(system: System, queries: Queries, index: Any, count: int) -> float:
    """CPU time of this process for one query, the mean of the first `count`, searched one by one."""
    start = process_time()
    for row in range(count):
        system.scores(rows_of(queries, slice(row, row + 1)), index)
    return 1000 * (process_time() - start) / count
