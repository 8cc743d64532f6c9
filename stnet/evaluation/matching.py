"""How often a search calls its best picture a close match: with the drawn thing in the gallery, and without.

Judged as `stnet.search.calibration` judges it, in a gallery of the suite's pictures. For "without", all
pictures of the query's category are left out, and the gallery that is left is calibrated anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.evaluation.encoding import EncodedSuite
from stnet.evaluation.metrics import area_under_curve
from stnet.evaluation.ranking import ModalityVectors, Relevance, modality_queries, score_chunks
from stnet.search.calibration import REFERENCE, distinctions, needed_distinction
from stnet.search.known_things import KnownThings, among_first
from stnet.search.nonsense import Nonsense
from stnet.search.results import Mode

FRESH_SEED = 1  # of nonsense that the calibration doesn't know
MODES: tuple[Mode, ...] = ("sketch", "text", "sketch+text")


class Judged(NamedTuple):
    """What the best picture reaches: its row, its distinction and whether it is close, (Q,) each."""

    row: np.ndarray
    distinction: np.ndarray
    close: np.ndarray


@dataclass(frozen=True, eq=False)
class JudgedGallery:
    """Pictures on which all nonsense was scored, so that any part of them can be calibrated as a gallery.

    Attributes:
        reference: scores of the nonsense that distinctions are measured by, (REFERENCE, N).
        calibrating: scores of the nonsense that says what a close match needs, (REFERENCE, N).
    """

    reference: Tensor
    calibrating: Tensor

    @classmethod
    def of(cls, nonsense: Tensor) -> "JudgedGallery":
        """From the scores of all nonsense, (COUNT, N)."""
        return cls(nonsense[:REFERENCE], nonsense[REFERENCE:])

    def judge(self, scores: Tensor, shown: np.ndarray | None = None) -> Judged:
        """The best pictures of queries with scores (Q, N), among the rows `shown` (default: all)."""
        rows = np.arange(scores.shape[1]) if shown is None else shown
        _, reached = self._best(self.calibrating, rows)
        best, distinction = self._best(scores, rows)
        return Judged(best, distinction, distinction > needed_distinction(reached.tolist()))

    def _best(self, scores: Tensor, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The row of the best picture and its distinction, (Q,) each."""
        best = torch.from_numpy(rows)[scores[:, rows].argmax(1)]
        reached = distinctions(scores.gather(1, best[:, None])[:, 0], self.reference[:, best])
        return best.numpy(), reached.numpy()


@dataclass(frozen=True, eq=False)
class NamedThings:
    """What the names that the model knows score on pictures, (names, N)."""

    things: KnownThings
    scores: Tensor

    @classmethod
    def of(cls, loaded: LoadedModel, encoded: EncodedSuite) -> "NamedThings":
        """On the pictures of a suite. Call it in inference mode."""
        things = KnownThings(loaded)
        if not things.names:
            return cls(things, torch.empty(0, len(encoded.patches)))
        return cls(things, suite_scores(loaded, encoded, asked_by_words(loaded, things.queries())))

    def strict(self, judged: Judged, texts: Sequence[str]) -> Judged:
        """Close are, of these words alone, only those whose best picture shows what they name."""
        named = map(self.things.named_in, texts)
        shown = [
            not places or among_first(self.scores[:, row], places)
            for places, row in zip(named, judged.row.tolist(), strict=True)
        ]
        return judged._replace(close=judged.close & np.array(shown))


@torch.inference_mode()
def match_quality(loaded: LoadedModel, encoded: EncodedSuite) -> dict[str, dict[str, float]]:
    """Shares in per cent of queries called close, by mode (sketch alone if the suite has no words).

    Returns:
        By mode `present`, in the whole gallery; of these `right`, where the best picture is the one asked for
        (`right queries` of them), and `category`, where it shows the drawn thing at least (`category
        queries`). `absent`: the same queries where no picture shows the thing. `nonsense`: new scribbles and
        letters. `AUC`: how often a distinction in the whole gallery beats one without the category, 0..1.

    Raises:
        ValueError: if all pictures show one category.
    """
    queries = modality_queries(loaded.model, encoded)
    shows = Relevance(encoded).of(slice(0, len(encoded.queries)))
    known, fresh = Nonsense(loaded), Nonsense(loaded, FRESH_SEED)
    words = NamedThings.of(loaded, encoded)
    figures: dict[str, dict[str, float]] = {}
    for mode in MODES if encoded.texts is not None else MODES[:1]:
        scores = suite_scores(loaded, encoded, queries[mode])
        gallery = JudgedGallery.of(suite_scores(loaded, encoded, ModalityVectors(*known.vectors(mode))))
        unknown = gallery.judge(suite_scores(loaded, encoded, ModalityVectors(*fresh.vectors(mode))))
        present, absent = gallery.judge(scores), without_category(gallery, scores, shows)
        if mode == "text":
            texts = [query.text or "" for query in encoded.queries]
            present, absent = words.strict(present, texts), words.strict(absent, texts)
        figures[mode] = _shares(encoded, present, absent, shows)
        figures[mode]["nonsense"] = percent(unknown.close)
    return figures


def without_category(gallery: JudgedGallery, scores: Tensor, shows: np.ndarray) -> Judged:
    """Each query in a gallery without the pictures that show its thing: shows (Q, N) bool.

    Raises:
        ValueError: if that leaves a query no picture.
    """
    if shows.all(1).any():
        raise ValueError("every picture shows the drawn thing: without them no gallery is left")
    parts, kinds = np.unique(shows, axis=0, return_inverse=True)
    judged = Judged(
        np.empty(len(shows), np.int64), np.empty(len(shows), np.float32), np.empty(len(shows), bool)
    )
    for kind, part in enumerate(parts):
        asked = np.flatnonzero(kinds == kind)
        found = gallery.judge(scores[asked], np.flatnonzero(~part))
        for whole, values in zip(judged, found, strict=True):
            whole[asked] = values
    return judged


def asked_by_words(loaded: LoadedModel, queries: Tensor) -> ModalityVectors:
    """Queries of words alone, Q (K, D), as they are scored."""
    return ModalityVectors(loaded.model.neutral_sketch.expand_as(queries), queries)


def suite_scores(loaded: LoadedModel, encoded: EncodedSuite, asked: ModalityVectors) -> Tensor:
    """cos(Q, V) of all queries and pictures: float32 (Q, N) on the CPU."""
    chunks = score_chunks({"all": asked}, encoded.patches, loaded.model.temperature)
    return torch.from_numpy(np.concatenate([found["all"] for _, found in chunks]))


def _shares(encoded: EncodedSuite, present: Judged, absent: Judged, shows: np.ndarray) -> dict[str, float]:
    right = present.row == encoded.targets
    category = shows[np.arange(len(shows)), present.row]
    return {
        "present": percent(present.close),
        "right": percent(present.close[right]),
        "right queries": int(right.sum()),
        "category": percent(present.close[category]),
        "category queries": int(category.sum()),
        "absent": percent(absent.close),
        "AUC": area_under_curve(present.distinction, absent.distinction),
    }


def percent(close: np.ndarray) -> float:
    """NaN where there is no query."""
    return float(100 * close.mean()) if close.size else float("nan")


def markdown(figures: Mapping[str, Mapping[str, float]]) -> str:
    """The shares as a table."""
    lines = [
        "| called close, % | thing in the gallery | best picture right (queries) "
        "| best picture shows the thing (queries) | thing left out | nonsense | AUC |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for mode, row in figures.items():
        lines.append(
            f"| {mode} | {row['present']:.1f} | {row['right']:.1f} ({row['right queries']}) "
            f"| {row['category']:.1f} ({row['category queries']}) | {row['absent']:.1f} "
            f"| {row['nonsense']:.1f} | {row['AUC']:.2f} |"
        )
    return "\n".join(lines)
