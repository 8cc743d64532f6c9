"""SearchEngine: candidates from the index, exact scores for them, heat maps for those that are shown."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from stnet.checkpoint import LoadedModel, choose_device, choose_source, load_model
from stnet.gallery.gallery import LEAST, Gallery, default_pool
from stnet.gallery.opening import open_gallery, refuse_other_model
from stnet.model.scoring import score
from stnet.search.calibration import Best, MatchJudge
from stnet.search.encoding import QueryEncoder, Vectors
from stnet.search.query import Query, check_count, read_query
from stnet.search.region import Region, check_region, region_sketch
from stnet.search.results import Box, Mode, SearchError, SearchResponse, SearchResult

# pictures scored at a time: 256 x 64 patches x 128 numbers are 8 MB, about a core's share of cache
CHUNK = 256
QUERY_MODES: tuple[Mode, ...] = ("sketch+text", "sketch", "text")
_STEPS = ("encode", "candidates", "rerank", "localize")


class _Stopwatch:
    """Milliseconds by step of one search."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._steps = dict.fromkeys(_STEPS, 0.0)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self._steps[name] += (time.perf_counter() - start) * 1000

    def timings(self) -> dict[str, float]:
        total = (time.perf_counter() - self._start) * 1000
        return {name: round(value, 2) for name, value in (self._steps | {"total": total}).items()}


class SearchEngine:
    """One model and one gallery. Searches share no state, so many threads may search at once."""

    def __init__(
        self, loaded: LoadedModel, gallery: Gallery, *, checkpoint: str | Path | None = None
    ) -> None:
        """Join a loaded model and an open gallery.

        Args:
            checkpoint: as the caller named it, for the command in the error text.

        Raises:
            SearchError: if the gallery belongs to another model.
        """
        refuse_other_model(gallery, loaded.fingerprint, checkpoint or loaded.name)
        self.loaded = loaded
        self.gallery = gallery
        self.device = next(loaded.model.parameters()).device
        self._encoder = QueryEncoder(loaded.model)
        self._judge = MatchJudge(loaded)
        # every computing thread brings a pool of torch threads: more searches than cores would only collide
        self._slots = threading.BoundedSemaphore(max(1, (os.cpu_count() or 1) // torch.get_num_threads()))

    @classmethod
    def from_pretrained(
        cls,
        checkpoint: str | Path | None = None,
        gallery: str | Path | None = None,
        device: str | torch.device | None = None,
    ) -> "SearchEngine":
        """Load a checkpoint and open a gallery.

        Args:
            checkpoint: folder or "owner/name@revision"; else $STNET_CHECKPOINT, else assets/checkpoint.
            gallery: folder or "owner/name@revision"; else $STNET_GALLERY, else assets/gallery.
            device: as torch names it; else $STNET_DEVICE, else the GPU if there is one.

        Raises:
            ValueError: if one is missing or damaged, or they don't belong together. The text says what to do.
        """
        model_source, gallery_source = (
            choose_source("checkpoint", checkpoint),
            choose_source("gallery", gallery),
        )
        opened = open_gallery(gallery_source)
        return cls(load_model(model_source, choose_device(device)), opened, checkpoint=model_source)

    def on(self, gallery: Gallery) -> "SearchEngine":
        """The same model on another gallery; both together compute no more at a time than one alone.

        Raises:
            LoadingError: if the gallery belongs to another model.
        """
        refuse_other_model(gallery, self.loaded.fingerprint, self.loaded.name)
        other = copy(self)
        other.gallery = gallery
        return other

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Wait for a turn to compute with the model. For other work than searches; keep it short."""
        with self._slots:
            yield

    @torch.inference_mode()
    def search(
        self,
        sketch: Image.Image | str | Path | None = None,
        text: str | None = None,
        top_k: int = 12,
        *,
        balance: float = 0.0,
        exhaustive: bool = False,
        candidates: int | None = None,
    ) -> SearchResponse:
        """Find pictures with the drawn thing in the described surroundings.

        Args:
            sketch: a drawing in any colours on any plain ground, or the path of one. Only for callers who are
                trusted with this machine's files may it be a path.
            text: words about what the drawing can't show; cut to what the model reads.
            top_k: how many results, 1..50.
            balance: between the halves, where there are two: from -1, words alone, by 0, the paper's score,
                to 1, sketch alone.
            exhaustive: score every picture instead of the candidates.
            candidates: how many pictures to score; default 1,000, or a twentieth of the gallery if more.

        Raises:
            SearchError: for an empty query, a sketch that is no picture, or numbers out of range.
        """
        watch = _Stopwatch()
        count = check_count(top_k, self.gallery)
        pool = self._pool_size(candidates, count, exhaustive)
        with self._slots:
            with watch.step("encode"):
                query = read_query(self.loaded.processor, sketch, text, balance)
                vectors = self._encoder.encode(query)
            with watch.step("candidates"):
                rows = self._pool(vectors, pool)
            with watch.step("rerank"):
                scores = self._score(vectors, rows)
                middle = float(np.median(scores))
                rows, scores, percentiles = self._rank(rows, scores, count)
                best = Best(int(rows[0]), float(scores[0]))
                match = self._judge.judge(self.gallery, query.mode, best, self._find_best)
            with watch.step("localize"):
                results = self._results(vectors, rows, scores, percentiles)
        return replace(self._response(query, watch, results), match=match, middle=middle)

    @torch.inference_mode()
    def calibrate(self) -> None:
        """Measure now what meaningless queries reach in this gallery; otherwise the first search does it."""
        with self._slots:
            row = Best(0, 0.0)
            for mode in QUERY_MODES:
                self._judge.judge(self.gallery, mode, row, self._find_best)

    def similar(self, id: str, top_k: int = 12, region: Region | None = None) -> SearchResponse:
        """Pictures like one of the gallery's, or with the like of what one region of it shows.

        Whole pictures are compared by the stored index vectors. For a region, what its patches show takes
        the sketch's place in the paper's score, and there are heat maps and boxes. Nothing is encoded.

        Args:
            region: x0, y0, x1, y1 in 0..1 of the picture.

        Raises:
            SearchError: if there is no such picture, top_k is not in 1..50, or the region is none.
        """
        count = check_count(top_k, self.gallery)
        try:
            row = self.gallery.row(id)
        except ValueError as error:
            raise SearchError(str(error)) from error
        if region is not None:
            return self._similar_to_region(row, count, check_region(region))
        watch = _Stopwatch()
        with watch.step("candidates"):
            pool = max(default_pool(len(self.gallery)), count) + 1
            rows, scores = self.gallery.nearest(self.gallery.vector(row), pool)
        with watch.step("rerank"):
            others = rows != row
            middle = float(np.median(scores))
            rows, scores, percentiles = self._rank(rows[others], scores[others], count)
        results = [
            self._result(rank, int(row), float(value), float(percentile), None, None, 0.0)
            for rank, (row, value, percentile) in enumerate(zip(rows, scores, percentiles, strict=True), 1)
        ]
        return replace(self._response(None, watch, results), middle=middle)

    @torch.inference_mode()
    def _similar_to_region(self, row: int, count: int, region: Region) -> SearchResponse:
        watch = _Stopwatch()
        with self._slots:
            with watch.step("encode"):
                patches = self.gallery.patch_features(np.array([row]))[0].to(self.device)
                sketch = region_sketch(patches, region, self.gallery.manifest.grid)
                vectors = Vectors(sketch, sketch * self.loaded.model.neutral_text)
            with watch.step("candidates"):
                rows = self._pool(vectors, default_pool(len(self.gallery)))
            with watch.step("rerank"):
                others = rows[rows != row]
                scores = self._score(vectors, others) if others.size else np.empty(0, np.float32)
                middle = float(np.median(scores)) if others.size else 0.0
                rows, scores, percentiles = self._rank(others, scores, count)
            with watch.step("localize"):
                results = self._results(vectors, rows, scores, percentiles) if others.size else []
        return replace(self._response(None, watch, results), middle=middle)

    def _pool(self, vectors: Vectors, size: int) -> np.ndarray:
        """The rows to score for a query, ascending: int64 (size,)"""
        if size == len(self.gallery):
            return np.arange(size)
        if torch.equal(vectors.sketch, self.loaded.model.neutral_sketch):  # words alone: one vector is exact
            return np.sort(self.gallery.nearest(vectors.query.float().cpu().numpy(), size)[0])
        return np.sort(self.gallery.candidates(vectors.query, size))

    def _find_best(self, vectors: Vectors) -> Best:
        """The best picture among no more candidates than a small gallery has."""
        rows = self._pool(vectors, min(LEAST, len(self.gallery)))
        scores = self._score(vectors, rows)
        return Best(int(rows[scores.argmax()]), float(scores.max()))

    def _pool_size(self, candidates: int | None, count: int, exhaustive: bool) -> int:
        size = len(self.gallery)
        if exhaustive:
            return size
        if candidates is None:
            candidates = default_pool(size)
        if isinstance(candidates, bool) or not isinstance(candidates, int) or candidates < 1:
            raise SearchError(f"The number of candidates must be a positive whole number, got {candidates!r}")
        return min(max(candidates, count), size)

    def _score(self, vectors: Vectors, rows: np.ndarray) -> np.ndarray:
        """cos(Q, V) for the pictures of `rows`: float32 (N,)."""
        temperature = self.loaded.model.temperature
        parts = [
            score(
                vectors.sketch,
                vectors.query,
                self.gallery.patch_features(rows[start : start + CHUNK]).to(self.device),
                temperature,
            ).score.cpu()
            for start in range(0, len(rows), CHUNK)
        ]
        return torch.cat(parts).numpy()

    def _rank(
        self, rows: np.ndarray, scores: np.ndarray, count: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The best `count` by (score down, id up), with their percentiles in the whole gallery."""
        if scores.size == 0:
            return rows, scores, scores
        threshold = np.partition(scores, -min(count, scores.size))[-min(count, scores.size)]
        near = np.flatnonzero(scores >= threshold)  # ids are compared only where they can matter
        best = sorted(near, key=lambda i: (-scores[i], self.gallery.id(int(rows[i]))))[:count]
        ordered = np.sort(scores)
        at_least = scores.size - np.searchsorted(ordered, scores[best], side="left")
        percentiles = 100.0 * (len(self.gallery) - at_least) / len(self.gallery)
        return rows[best], scores[best], percentiles

    def _results(
        self, vectors: Vectors, rows: np.ndarray, scores: np.ndarray, percentiles: np.ndarray
    ) -> list[SearchResult]:
        """Heat maps and boxes, for the pictures that are shown."""
        model = self.loaded.model
        patches = self.gallery.patch_features(rows).to(self.device)
        attention = score(vectors.sketch, vectors.query, patches, model.temperature).attention
        boxes = _ordered(model.predict_box(patches, attention).float().cpu().numpy())
        maps = attention.float().cpu().numpy().reshape(len(rows), *self.gallery.manifest.grid)
        largest = float(maps.max())
        return [
            self._result(
                rank + 1,
                int(rows[rank]),
                float(scores[rank]),
                float(percentiles[rank]),
                box,
                maps[rank],
                largest,
            )
            for rank, box in enumerate(boxes)
        ]

    def _result(
        self,
        rank: int,
        row: int,
        value: float,
        percentile: float,
        box: Box | None,
        heatmap: np.ndarray | None,
        heatmap_max: float,
    ) -> SearchResult:
        return SearchResult(
            rank=rank,
            id=self.gallery.id(row),
            score=round(value, 6),
            percentile=round(percentile, 4),
            box=box,
            heatmap=heatmap,
            heatmap_max=heatmap_max,
            metadata=self.gallery.metadata(row),
            picture_bytes=self.gallery.picture_bytes(row),
            picture_format=self.gallery.manifest.picture_format,
        )

    def _response(
        self, query: Query | None, watch: _Stopwatch, results: list[SearchResult]
    ) -> SearchResponse:
        return SearchResponse(
            mode="similar" if query is None else query.mode,
            text="" if query is None else query.text,
            truncated=query is not None and query.truncated,
            balance=0.0 if query is None else query.balance,
            gallery_name=self.gallery.name,
            gallery_size=len(self.gallery),
            model=self.loaded.name,
            timings=watch.timings(),
            results=results,
        )


def _ordered(boxes: np.ndarray) -> list[Box]:
    """Boxes (N, 4) with x0 <= x1, y0 <= y1, all in 0..1, rounded to 4 decimals."""
    inside = np.clip(boxes, 0.0, 1.0)
    low, high = np.minimum(inside[:, :2], inside[:, 2:]), np.maximum(inside[:, :2], inside[:, 2:])
    return [tuple(round(float(value), 4) for value in box) for box in np.concatenate([low, high], axis=1)]  # type: ignore[misc]
