"""SearchEngine: candidates by centroids, exact scores for them, heat maps for those that are shown."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from stnet.checkpoint import LoadedModel, choose_device, choose_source
from stnet.gallery.gallery import Gallery, default_pool
from stnet.onnx.loading import load_fast
from stnet.search.browsing import check_offset
from stnet.search.calibration import QUERY_MODES, Calibration
from stnet.search.encoding import QueryEncoder
from stnet.search.exclusion import unlike_rows, vectors_of
from stnet.search.filtering import Filters, GalleryFields
from stnet.search.guessing import Guess, guesses_of
from stnet.search.kept_calibration import keep_known, recall
from stnet.search.likeness import (
    Example,
    example_row,
    sent_example,
    stored_example,
    with_words,
)
from stnet.search.localizing import localize
from stnet.search.names import check_names, part_of
from stnet.search.opening import open_gallery
from stnet.search.paging import Part, page_of
from stnet.search.query import DEFAULT_RESULTS, Query, check_count, read_picture, read_query
from stnet.search.ranking import Best, Ranker, pool_size, rank
from stnet.search.region import Region, check_region, region_sketch
from stnet.search.remote.answering import answered_where_it_lies
from stnet.search.remote.gallery import RemoteGallery
from stnet.search.responding import response_of
from stnet.search.results import Match, Mode, SearchResponse
from stnet.search.several import Asked, OneThing, SeveralThings
from stnet.search.slots import Slots
from stnet.search.sought import place_of, sought_row
from stnet.search.timing import Stopwatch


class SearchEngine:
    """One model and one gallery. Searches share no state, so many threads may search at once."""

    ranker_type: type[Ranker] = Ranker

    def __init__(
        self, loaded: LoadedModel, gallery: Gallery, *, checkpoint: str | Path | None = None
    ) -> None:
        """Join a loaded model and an open gallery.

        Args:
            checkpoint: as the caller named it, for the command in the error text.

        Raises:
            GalleryError: if the gallery belongs to another model.
        """
        self._checkpoint = checkpoint or loaded.name
        gallery.refuse_other_model(loaded.fingerprint, self._checkpoint)
        self.loaded = loaded
        self.gallery = gallery
        self.device = next(loaded.model.parameters()).device
        # every computing thread brings a pool of torch threads: more searches than cores would only collide
        self._slots = Slots(max(1, (os.cpu_count() or 1) // torch.get_num_threads()))
        self._encoder = QueryEncoder(loaded)
        self._ranker = self.ranker_type(loaded.model, gallery)
        self.fields = GalleryFields(gallery)
        self.calibration = Calibration(loaded, self._slots)

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
            gallery: folder, "owner/name@revision" or "ray://host:port"; else the first of $STNET_GALLERY,
                else assets/gallery.
            device: as torch names it; else $STNET_DEVICE, else the GPU if there is one.

        Raises:
            ValueError: if one is missing or damaged, or they don't belong together. The text says what to do.
        """
        model_source, gallery_source = (
            choose_source("checkpoint", checkpoint),
            choose_source("gallery", gallery),
        )
        opened = open_gallery(gallery_source)
        return cls(load_fast(model_source, choose_device(device)), opened, checkpoint=model_source)

    def on(self, gallery: Gallery) -> "SearchEngine":
        """The same model on another gallery; both together compute no more at a time than one alone.

        Raises:
            GalleryError: if the gallery belongs to another model.
        """
        gallery.refuse_other_model(self.loaded.fingerprint, self._checkpoint)
        other = copy(self)
        other.gallery = gallery
        other._ranker = self.ranker_type(self.loaded.model, gallery)
        other.fields = GalleryFields(gallery)
        return other

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Wait for a turn to compute with the model. For other work than searches; keep it short."""
        with self._slots.slot():
            yield

    @answered_where_it_lies
    @torch.inference_mode()
    def search(
        self,
        sketch: Image.Image | str | Path | None = None,
        text: str | None = None,
        top_k: int = DEFAULT_RESULTS,
        *,
        balance: float = 0.0,
        exclude: str | None = None,
        unlike: Sequence[str] = (),
        several: bool = False,
        hide_duplicates: bool = False,
        names: Sequence[str] = (),
        sought: str | None = None,
        guess: bool = True,
        exhaustive: bool = False,
        candidates: int | None = None,
        offset: int = 0,
        filters: Filters | None = None,
    ) -> SearchResponse:
        """Find pictures with the drawn thing in the described surroundings.

        Args:
            sketch: a drawing in any colours on any plain ground, or the path of one. Only for callers who are
                trusted with this machine's files may it be a path.
            text: words about what the drawing can't show; cut to what the model reads.
            top_k: how many results, 1..MOST_RESULTS.
            balance: between the halves, where there are two: from -1, words alone, by 0, the model's own
                score, to 1, sketch alone.
            exclude: words for what to leave out; so is what `text` says after "not" or "without".
            unlike: ids of the gallery's pictures, up to MOST_UNLIKE: they and their like fall behind.
            several: take what is drawn apart for things of their own, all of which are wanted, and where on
                the paper they are counts; `SearchResponse.things` says how many there are.
            hide_duplicates: show of near-duplicates (`stnet.gallery.duplicates`) the gallery's first alone.
            names: with `several`: what each thing is called, in the order of `SearchResponse.places`, "" for
                one without. They count beside `text`, which is said of all things.
            sought: id of a picture of the gallery, which is scored in any case: `SearchResponse.sought` says
                at which rank it came.
            guess: whether the names that the drawing is taken for count as said, and are told.
            exhaustive: score every picture instead of the candidates.
            candidates: how many pictures to score by all their patches; default 1,000.
            offset: how many of the best to leave out: the next page of an answer begins where the last one
                ended. It has neither a match nor guesses.
            filters: only pictures are ranked of which the metadata says this: by field a value, or several of
                which any is right. `fields` knows what there is.

        Raises:
            SearchError: for an empty query, a sketch that is no picture, numbers out of range, or a picture,
                a field or a value that isn't there.
        """
        watch = Stopwatch()
        part = Part(check_offset(offset), check_count(top_k, self.gallery))
        away = unlike_rows(self.gallery, unlike)
        goal = sought_row(self.gallery, sought)
        rows = self.fields.rows(filters)
        if hide_duplicates:
            rows = self.gallery.without_duplicates(rows)
        ranker = self._ranker.among(rows)
        total = len(np.setdiff1d(ranker.rows, away))
        pool = pool_size(candidates, part.length, self.gallery, exhaustive=exhaustive)
        with watch.step("encode"):
            query = replace(read_query(self.loaded.processor, sketch, text, balance, exclude), guess=guess)
            called = check_names(names, len(query.things), several=several)
            mode: Mode = "sketch+text" if called and balance != 1 else query.mode
        with watch.step("rerank"):
            needed = None if offset else self.calibration.needed(self._ranker, mode)
        with self._slots.slot():
            with watch.step("encode"):
                unwanted = vectors_of(self.gallery, away, self.device)
                if several and len(query.things) > 1:
                    asked: Asked = self._each_thing(query, called, balance, unwanted)
                else:
                    asked = OneThing(self._encoder.encode(query, unwanted))
            ranked = page_of(asked, ranker, pool, part, away, watch)
            shown = len(ranked.rows) > 0  # after the last page, or where nothing passes, there is nothing
            with watch.step("rerank"):
                place = None if goal is None else place_of(goal, asked, ranker, pool, away)
                match = None
                if needed is not None and shown:
                    match = self._match(mode, asked.bests(ranker, ranked), needed, query.text)
            with watch.step("localize"):
                places = asked.localize(self.loaded.model, self.gallery, ranked.rows) if shown else None
            told = query.sketch is not None and guess and not offset
            guesses = guesses_of(self.loaded.model, asked.drawing) if told else ()
        response = response_of(
            self.loaded, self.gallery, watch, ranked, total, places, query, match, guesses, mode
        )
        return replace(response, sought=place)

    def _each_thing(
        self, query: Query, names: Sequence[str], balance: float, unlike: Sequence[Tensor]
    ) -> SeveralThings:
        """What is drawn apart, each thing with its own name, if it has one, and with all of the words."""
        parts = [
            part_of(query, place, name, self.loaded.processor, balance)
            for place, name in enumerate(names or [""] * len(query.things))
        ]
        return SeveralThings([self._encoder.encode(part, unlike) for part in parts], query.things)

    def _match(self, mode: Mode, bests: Sequence[Best], needed: float, text: str) -> Match:
        """The best picture is as close a match as the thing that is the least so."""
        matches = [self.calibration.judge(self.gallery, mode, best, needed, text) for best in bests]
        return min(matches, key=lambda match: match.distinction)

    @torch.inference_mode()
    def guess(self, sketch: Image.Image | str | Path) -> tuple[Guess, ...]:
        """What the drawing is taken for, likeliest first: up to MOST_GUESSES names, none where it is unsure.

        Raises:
            SearchError: if the sketch is no picture, or blank.
        """
        query = read_query(self.loaded.processor, sketch, None)
        with self._slots.slot():
            return guesses_of(self.loaded.model, self._encoder.encode_drawing(query))

    @torch.inference_mode()
    def calibrate(self, folder: Path | None = None) -> None:
        """Measure now what meaningless queries reach in this gallery; otherwise the first search does it.

        What else a first search would wait for is made, too (`Ranker.prepare`).

        Args:
            folder: where what was measured with this model is kept, and what is measured now will be; None
                measures without. A gallery on another server has been measured there.
        """
        if isinstance(self.gallery, RemoteGallery):
            return
        self._ranker.prepare()
        fingerprint, keys = self.loaded.fingerprint, self.calibration.keys(self.gallery)
        kept = None if folder is None else recall(self.calibration, self.gallery, folder, fingerprint)
        for mode in QUERY_MODES:
            self.calibration.needed(self._ranker, mode)
        if folder is not None and (kept is None or not kept.needed.keys() >= set(keys)):
            known = self.calibration.known()
            needed = ({} if kept is None else dict(kept.needed)) | dict(known.needed)
            keep_known(folder, fingerprint, known._replace(needed=needed))

    @answered_where_it_lies
    @torch.inference_mode()
    def similar(
        self,
        id: str | None = None,
        top_k: int = DEFAULT_RESULTS,
        region: Region | None = None,
        *,
        image: Image.Image | str | Path | None = None,
        text: str | None = None,
        offset: int = 0,
        filters: Filters | None = None,
    ) -> SearchResponse:
        """Pictures like one of the gallery's or the caller's, or with the like of what a region of it shows.

        Whole pictures are compared by the index vectors, which takes no model where the picture is stored;
        words count beside it by `stnet.search.likeness.with_words`. For a region, what its patches show takes
        the sketch's place in the model's own score, and there are heat maps and boxes. A stored picture is
        neither a result nor among those that the middle is of: its score would be that of a copy.

        Args:
            id: of a picture of the gallery.
            top_k: how many results, 1..MOST_RESULTS.
            region: x0, y0, x1, y1 in 0..1 of the picture.
            image: instead of `id`: any picture or, for callers who are trusted with this machine's files, its
                path. It is encoded once and not kept.
            text: words about what else the pictures should show.
            offset, filters: as for `search`.

        Raises:
            SearchError: if there is no such picture, a number is out of range, or the region is none.
        """
        part = Part(check_offset(offset), check_count(top_k, self.gallery))
        row = example_row(self.gallery, id, image)
        box = None if region is None else check_region(region)
        photo = read_picture(image, "picture")
        words = None if text is None or text == "" else read_query(self.loaded.processor, None, text)
        ranker = self._ranker.among(self.fields.rows(filters))
        watch = Stopwatch()
        if photo is None and box is None and words is None:
            return self._nearest(watch, ranker, self.gallery.vector(row), row, part)
        with self._slots.slot():
            with watch.step("encode"):
                if photo is None:
                    example = stored_example(self.gallery, row, self.device)
                else:
                    example = sent_example(self.loaded.model, self.loaded.processor, photo)
                wanted = None if words is None else self._encoder.encode(words)
            if box is not None:
                return self._similar_to_region(watch, ranker, example, part, box, words)
            vector = example.vector if wanted is None else with_words(example.vector, wanted.query)
            return self._nearest(watch, ranker, vector, row, part, words)

    def _nearest(
        self,
        watch: Stopwatch,
        ranker: Ranker,
        vector: np.ndarray,
        row: int,
        part: Part,
        words: Query | None = None,
    ) -> SearchResponse:
        """The pictures whose index vectors are nearest to a direction, without that of `row`."""
        with watch.step("candidates"):
            pool = max(default_pool(len(self.gallery)), part.end) + 1
            rows, scores = ranker.nearest(vector, pool)
        with watch.step("rerank"):
            others = rows != row
            ranked = rank(self.gallery, rows[others], scores[others], part.end, ranker.size)
        total = int((ranker.rows != row).sum())
        return response_of(
            self.loaded, self.gallery, watch, ranked.after(part.offset), total, query=words, mode="similar"
        )

    def _similar_to_region(
        self,
        watch: Stopwatch,
        ranker: Ranker,
        example: Example,
        part: Part,
        region: Region,
        words: Query | None,
    ) -> SearchResponse:
        with watch.step("encode"):
            sketch = region_sketch(example.patches, region, self.gallery.manifest.grid)
            vectors = self._encoder.encode_like(sketch, words)
        pool, away = default_pool(len(self.gallery)), np.array([example.row])
        ranked = page_of(OneThing(vectors), ranker, pool, part, away, watch)
        with watch.step("localize"):
            shown = ranked.rows.size > 0  # a gallery of one picture has no other
            places = localize(self.loaded.model, self.gallery, vectors, ranked.rows) if shown else None
        total = int((ranker.rows != example.row).sum())
        return response_of(self.loaded, self.gallery, watch, ranked, total, places, words, mode="similar")
