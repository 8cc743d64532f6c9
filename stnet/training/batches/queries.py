"""Batches for the joint stage: pictures, what is where on them, and queries (a sketch and words)."""

import numpy as np
import torch
from PIL import Image

from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.scenes.facts import Fact
from stnet.data.scenes.groups import FEWEST_CATEGORIES, describe_apart
from stnet.data.words.named import named
from stnet.data.words.photo_names import drawn_as
from stnet.data.words.photo_texts import describe_crop
from stnet.model.processing import STNetProcessor
from stnet.training.batches.answers import KnownFacts, name_fact
from stnet.training.batches.batch import QueryBatch
from stnet.training.batches.captions import captions_of
from stnet.training.batches.examples import Example, ExampleSource
from stnet.training.batches.pictures import picture_batch
from stnet.training.batches.pool import PooledExamples, SketchPool
from stnet.training.batches.stream import stack
from stnet.training.config import RunError, TrainConfig

TRIES = 5


class QuerySource:
    """Batches of pictures with up to `queries_per_image` queries each, one for every object asked for.

    | part of a batch | how much of it | sketch | words |
    |---|---|---|---|
    | composed scenes | the rest | drawn by a person or traced | facts that hold on the scene |
    | of these, in groups of four | hard_negatives | the same | facts that hold on no rival of the group |
    | photos with boxes | photo_share | drawn by a person | of photo_texts of them: boxes or captions |
    | photos with captions or labels | caption_share | drawn by a person | as for photos with boxes |
    | of all, a photo's object pasted in | copy_paste | drawn by a person | as for the picture |

    The share named_texts of the queries name what they ask for, no other text does; queries without words
    have `has_text` False. With a caption_share there are words alone about whole pictures, too: captions, and
    names of what is there.
    """

    def __init__(
        self,
        examples: ExampleSource | PooledExamples,
        sketcher: Sketcher,
        drawings: Drawings | None,
        processor: STNetProcessor,
        config: TrainConfig,
        sketches: SketchPool | None = None,
    ) -> None:
        if config.caption_share and not examples.worded:
            raise RunError(
                f"caption_share is {config.caption_share}: that needs photos with captions or labels"
            )
        if config.photo_share and not (examples.boxed and drawings):
            raise RunError(f"photo_share is {config.photo_share}: that needs photos with boxes, and drawings")
        if config.hard_negatives and len(examples.seen) < FEWEST_CATEGORIES:
            raise RunError(
                f"hard_negatives is {config.hard_negatives}: groups need {FEWEST_CATEGORIES} categories or "
                f"more, the bank has {len(examples.seen)} to train on"
            )
        self.examples, self.sketcher, self.drawings = examples, sketcher, drawings
        self.processor, self.config, self.sketches = processor, config, sketches

    def set_image_size(self, size: int) -> None:
        """For the batches to come, in pixels."""
        self.examples.size.set(size)

    def make(self, rng: np.random.Generator) -> QueryBatch:
        """One batch: see QuerySource for what is in it."""
        size = self.examples.size.get()
        photos = round(self.config.batch_size * self.config.photo_share)
        made = [self._photo(rng, size) for _ in range(photos)]
        examples = [example for example in made if example is not None]
        worded = round(self.config.batch_size * self.config.caption_share)
        examples += [self.examples.worded_photo(rng, size) for _ in range(worded)]
        scenes = self.config.batch_size - len(examples)
        examples += self.examples.scenes(rng, size, scenes, self.config.hard_negatives)
        asked = [
            (row, target) for row, example in enumerate(examples) for target in self._targets(example, rng)
        ]
        told = [self._told(examples[row], target, rng) for row, target in asked]
        texts = [text for text, _ in told]
        rows, inks = self._inks([(examples[row], target) for row, target in asked], rng)
        ids, mask = self.processor.text_batch(texts)
        answers, described = KnownFacts(examples).answers(asked, [stated for _, stated in told])
        return QueryBatch(
            pictures=picture_batch(examples, [self.examples.labels(example) for example in examples]),
            query_image=torch.tensor([row for row, _ in asked]),
            query_object=torch.tensor([target for _, target in asked]),
            ink=stack(inks),
            input_ids=ids,
            attention_mask=mask,
            has_text=torch.tensor([bool(text) for text in texts]),
            answers=answers,
            described=described,
            captions=captions_of(examples, self.processor, rng) if self.config.caption_share else None,
            sketch_rows=None if rows is None else torch.tensor(rows),
        )

    def _photo(self, rng: np.random.Generator, size: int) -> Example | None:
        """A crop with something on it that people draw, or None after a few tries."""
        for _ in range(TRIES):
            example = self.examples.photo(rng, size, boxed=True, captioned=self.config.photo_texts > 0)
            if len(self._targets(example, rng)):
                return example
        return None

    def _targets(self, example: Example, rng: np.random.Generator) -> list[int]:
        able = [
            number
            for number, category in enumerate(example.categories)
            if category >= 0
            and (example.cut_out(number) is not None or self._drawn_as(example.names[number]) is not None)
        ]
        order = [able[i] for i in rng.permutation(len(able))]
        if example.rivals:
            order.sort(key=bool)  # what the group is about, objects[0], is asked for first
        return order[: self.config.queries_per_image]

    def _drawn_as(self, category: str) -> str | None:
        name = drawn_as(category)
        known = name is not None and self.drawings is not None and self.drawings.has_named(name)
        return name if known else None

    def _told(self, example: Example, target: int, rng: np.random.Generator) -> tuple[str, tuple[Fact, ...]]:
        """Words about object `target`, the share named_texts of them with its name, and what they state."""
        text, stated = self._words(example, target, rng)
        if not self.config.named_texts or rng.random() >= self.config.named_texts:
            return text, stated
        name = example.names[target]
        by_people = text and not stated  # a caption is true of its own picture; nobody knows of which others
        return named(name, text, rng), () if by_people else (name_fact(name), *stated)

    def _words(self, example: Example, target: int, rng: np.random.Generator) -> tuple[str, tuple[Fact, ...]]:
        """Words about object `target`, and what they state; "" for photos asked for by drawing alone."""
        if example.scene is not None:
            return describe_apart(example.scene, target, example.rivals, rng)
        if example.crop is None or rng.random() >= self.config.photo_texts:
            return "", ()
        if target >= len(example.crop.objects):  # only a label says that it is there
            return "", ()
        return describe_crop(example.crop, target, rng)

    def _inks(
        self, asked: list[tuple[Example, int]], rng: np.random.Generator
    ) -> tuple[list[int] | None, list[np.ndarray]]:
        """Rows in the pool of sketches, if there is one, and ink."""
        if self.sketches is None:
            return None, [self._ink(example, target, rng) for example, target in asked]
        rows = [self._row(self.sketches, example, target, rng) for example, target in asked]
        return rows, [self.sketches.inks[row] for row in rows]

    def _row(self, sketches: SketchPool, example: Example, target: int, rng: np.random.Generator) -> int:
        cut_out = example.cut_out(target)
        if cut_out is not None:
            return sketches.of_object(cut_out, rng)
        name = self._drawn_as(example.names[target])
        assert name is not None
        return sketches.of_name(name, rng)

    def _ink(self, example: Example, target: int, rng: np.random.Generator) -> np.ndarray:
        cut_out, careless = example.cut_out(target), self.config.careless_sketches
        if cut_out is not None:
            ink, _ = self.sketcher.sketch(cut_out, rng, held_out=False, careless=careless)
        else:
            name = self._drawn_as(example.names[target])
            assert name is not None and self.drawings is not None
            ink = self.drawings.sample_named(name, rng, held_out=False, careless=careless)
        return np.asarray(self.processor.fit(Image.fromarray(ink)))
