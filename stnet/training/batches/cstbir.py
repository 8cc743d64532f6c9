"""Batches of CSTBIR, the paper's data: its sketches for the sketch stage, its queries for the joint stage."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from stnet.boxes import Box
from stnet.data.cstbir import CstbirPhoto, CstbirQuery, box_in_picture, draw_sketch
from stnet.model.configuration import STNetConfig
from stnet.model.processing import STNetProcessor
from stnet.pictures import PictureError, open_picture, square_picture
from stnet.training.batches.batch import QueryBatch, SketchBatch
from stnet.training.batches.examples import MOST_OBJECTS, Example
from stnet.training.batches.labels import box_coverage, box_labels
from stnet.training.batches.pictures import picture_batch
from stnet.training.batches.stream import SharedSize, stack
from stnet.training.config import RunError

NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)  # of a thing that is on the photo but that nobody has boxed


class CstbirSketches:
    """The drawings of all queries, each once and as likely as any other, with their class ids.

    Raises:
        RunError: if the model lacks a class that would be trained.
    """

    extra = 0

    def __init__(
        self, photos: Sequence[CstbirPhoto], processor: STNetProcessor, config: STNetConfig, batch_size: int
    ) -> None:
        self.ids, self.processor, self.batch_size = _class_ids(photos, config), processor, batch_size
        # queries that name the same file share its strokes
        self.drawn = list({id(query.sketch): query for photo in photos for query in photo.queries}.values())

    def __len__(self) -> int:
        return len(self.drawn)

    def set_image_size(self, size: int) -> None:
        """Sketches have one size."""

    def make(self, rng: np.random.Generator) -> SketchBatch:
        """One batch of drawings."""
        chosen = [self.drawn[number] for number in rng.integers(len(self.drawn), size=self.batch_size)]
        return SketchBatch(
            ink=stack([fitted_ink(query, self.processor) for query in chosen]),
            category=torch.tensor([self.ids[query.category] for query in chosen]),
        )


class CstbirQueries:
    """Photos with their queries as they were published: photos whole and upright, nothing varied.

    Of a category that a photo shows but has no box of, only that it is there is known: it counts in the
    contrastive and classification losses, and not in those that ask where it is.

    Raises:
        RunError: if there are fewer photos than a batch holds, more queries a photo than it has room for,
            or the model lacks a class that would be trained.
    """

    def __init__(
        self,
        photos: Sequence[CstbirPhoto],
        processor: STNetProcessor,
        config: STNetConfig,
        batch_size: int,
        queries_per_image: int,
    ) -> None:
        if batch_size > len(photos):
            raise RunError(
                f"batch_size is {batch_size}, but CSTBIR's folder has {len(photos)} photos to train on"
            )
        if queries_per_image > MOST_OBJECTS:
            raise RunError(f"queries_per_image is {queries_per_image}; with cstbir at most {MOST_OBJECTS}")
        self.photos, self.processor, self.ids = photos, processor, _class_ids(photos, config)
        self.batch_size, self.queries_per_image = batch_size, queries_per_image
        self.size, self.patch_size = SharedSize(config.image_size), config.patch_size

    def __len__(self) -> int:
        return sum(len(photo.queries) for photo in self.photos)

    def set_image_size(self, size: int) -> None:
        """For the batches to come, in pixels."""
        self.size.set(size)

    def make(self, rng: np.random.Generator) -> QueryBatch:
        """One batch of B different photos and their Q queries.

        Raises:
            RunError: if a photo or a sketch can't be read; the text names the file.
        """
        size = self.size.get()
        rows = rng.choice(len(self.photos), self.batch_size, replace=False)
        asked = [self._choose(self.photos[row].queries, rng) for row in rows]
        examples = [
            self._example(self.photos[row], of_it, size) for row, of_it in zip(rows, asked, strict=True)
        ]
        background = len(self.ids)
        queries = [query for of_it in asked for query in of_it]
        ids, mask = self.processor.text_batch([query.text for query in queries])
        asked_of = torch.tensor([row for row, of_it in enumerate(asked) for _ in of_it])
        own = F.one_hot(asked_of, len(examples)).bool()
        labels = [box_labels(example.coverage, example.categories, background) for example in examples]
        return QueryBatch(
            pictures=picture_batch(examples, labels),
            query_image=asked_of,
            query_object=torch.tensor(
                [
                    example.names.index(query.category)
                    for example, of_it in zip(examples, asked, strict=True)
                    for query in of_it
                ]
            ),
            ink=stack([fitted_ink(query, self.processor) for query in queries]),
            input_ids=ids,
            attention_mask=mask,
            has_text=torch.ones(len(queries), dtype=torch.bool),
            answers=own,  # what people wrote may be true of other photos, but nothing says so
            described=own,
        )

    def _choose(self, queries: Sequence[CstbirQuery], rng: np.random.Generator) -> list[CstbirQuery]:
        return [queries[number] for number in rng.permutation(len(queries))[: self.queries_per_image]]

    def _example(self, photo: CstbirPhoto, asked: Sequence[CstbirQuery], size: int) -> Example:
        try:
            picture = open_picture(photo.path)
        except PictureError as error:
            raise RunError(f"{photo.path}: {error}") from error
        known = known_objects(photo, asked, picture.width, picture.height)
        boxes = np.array([box for _, box in known], np.float32)
        return Example(
            pixels=np.asarray(square_picture(picture, size)),
            coverage=box_coverage(boxes, size // self.patch_size),
            categories=np.array([self.ids[name] for name, _ in known], np.int64),
            boxes=boxes,
            names=tuple(name for name, _ in known),
        )


def known_objects(
    photo: CstbirPhoto, asked: Sequence[CstbirQuery], width: int, height: int
) -> list[tuple[str, Box]]:
    """At most MOST_OBJECTS things on the photo with their boxes in 0..1, `width` and `height` in pixels.

    First one of every category, what is asked for before what else is there: the largest, or one with the
    box NOWHERE. Then the others by their size.
    """
    boxes: dict[str, list[Box]] = {query.category: [] for query in (*asked, *photo.queries)}
    for category, found in photo.boxes.items():
        placed = sorted((box_in_picture(box, width, height) for box in found), key=_area, reverse=True)
        boxes.setdefault(category, []).extend(box for box in placed if _area(box) > 0)
    first = [(category, found[0] if found else NOWHERE) for category, found in boxes.items()]
    further = [(category, box) for category, found in boxes.items() for box in found[1:]]
    further.sort(key=lambda thing: _area(thing[1]), reverse=True)
    return (first + further)[:MOST_OBJECTS]


def fitted_ink(query: CstbirQuery, processor: STNetProcessor) -> np.ndarray:
    """The query's drawing as the sketch tower sees it, (s, s) uint8, ink high.

    Raises:
        RunError: if its file can't be read.
    """
    try:
        ink = draw_sketch(query.sketch)
    except ValueError as error:
        raise RunError(str(error)) from error
    return np.asarray(processor.fit(Image.fromarray(ink)))


def _class_ids(photos: Sequence[CstbirPhoto], config: STNetConfig) -> dict[str, int]:
    ids = {name: number for number, name in enumerate(config.categories)}
    shown = {query.category for photo in photos for query in photo.queries}
    unknown = sorted(shown - ids.keys())
    if unknown:
        raise RunError(
            f"the model has no class for {len(unknown)} categories of CSTBIR such as {unknown[:5]}"
        )
    return ids


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
