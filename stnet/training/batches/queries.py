"""Batches for the joint stage: pictures, what is where on them, and queries (a sketch and words)."""

import numpy as np
import torch
from PIL import Image

from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.scenes.facts import Fact
from stnet.data.scenes.groups import FEWEST_CATEGORIES, GROUP, describe_apart
from stnet.data.words.photo_names import drawn_as
from stnet.data.words.photo_texts import describe_crop
from stnet.model.processing import STNetProcessor
from stnet.training.batches.answers import KnownFacts
from stnet.training.batches.batch import QueryBatch
from stnet.training.batches.examples import Example, ExampleSource
from stnet.training.batches.pictures import picture_batch
from stnet.training.batches.stream import stack
from stnet.training.config import RunError, TrainConfig

POOL = (30, 90)  # a batch's scenes draw from between so many categories: so that objects recur
TRIES = 5


class QuerySource:
    """Batches of pictures with up to `queries_per_image` queries each, one for every object asked for.

    | part of a batch | how much of it | sketch | words |
    |---|---|---|---|
    | composed scenes | the rest | drawn by a person or traced | facts that hold on the scene |
    | of these, in groups of four | hard_negatives | the same | facts that hold on no rival of the group |
    | photos with boxes | photo_share | drawn by a person | of photo_texts of them: boxes or captions |
    | of all, a photo's object pasted in | copy_paste | drawn by a person | as for the picture |

    No text names what it asks for; queries without words have `has_text` False.
    """

    def __init__(
        self,
        examples: ExampleSource,
        sketcher: Sketcher,
        drawings: Drawings | None,
        processor: STNetProcessor,
        config: TrainConfig,
    ) -> None:
        if config.photo_share and not (examples.boxed and drawings):
            raise RunError(f"photo_share is {config.photo_share}: that needs photos with boxes, and drawings")
        if config.hard_negatives and len(examples.seen) < FEWEST_CATEGORIES:
            raise RunError(
                f"hard_negatives is {config.hard_negatives}: groups need {FEWEST_CATEGORIES} categories or "
                f"more, the bank has {len(examples.seen)} to train on"
            )
        self.examples, self.sketcher, self.drawings = examples, sketcher, drawings
        self.processor, self.config = processor, config

    def set_image_size(self, size: int) -> None:
        """For the batches to come, in pixels."""
        self.examples.size.set(size)

    def make(self, rng: np.random.Generator) -> QueryBatch:
        """One batch: see QuerySource for what is in it."""
        size = self.examples.size.get()
        photos = round(self.config.batch_size * self.config.photo_share)
        made = [self._photo(rng, size) for _ in range(photos)]
        examples = [example for example in made if example is not None]
        examples += self._scenes(rng, size, self.config.batch_size - len(examples))
        asked = [
            (row, target) for row, example in enumerate(examples) for target in self._targets(example, rng)
        ]
        worded = [self._words(examples[row], target, rng) for row, target in asked]
        texts = [text for text, _ in worded]
        ids, mask = self.processor.text_batch(texts)
        answers, described = KnownFacts(examples).answers(asked, [stated for _, stated in worded])
        return QueryBatch(
            pictures=picture_batch(examples, [self.examples.labels(example) for example in examples]),
            query_image=torch.tensor([row for row, _ in asked]),
            query_object=torch.tensor([target for _, target in asked]),
            ink=stack([self._ink(examples[row], target, rng) for row, target in asked]),
            input_ids=ids,
            attention_mask=mask,
            has_text=torch.tensor([bool(text) for text in texts]),
            answers=answers,
            described=described,
        )

    def _scenes(self, rng: np.random.Generator, size: int, count: int) -> list[Example]:
        """`count` scenes of one pool of categories, the given share of them in groups."""
        pool = self.examples.pool(rng, int(rng.integers(*POOL)))
        grouped = int(count * self.config.hard_negatives) // GROUP
        made = [example for _ in range(grouped) for example in self.examples.group(rng, size, pool)]
        return made + [self.examples.scene(rng, size, pool) for _ in range(count - len(made))]

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

    def _words(self, example: Example, target: int, rng: np.random.Generator) -> tuple[str, tuple[Fact, ...]]:
        """Words about object `target`, and what they state; "" for photos asked for by drawing alone."""
        if example.scene is not None:
            return describe_apart(example.scene, target, example.rivals, rng)
        if example.crop is None or rng.random() >= self.config.photo_texts:
            return "", ()
        return describe_crop(example.crop, target, rng)

    def _ink(self, example: Example, target: int, rng: np.random.Generator) -> np.ndarray:
        cut_out = example.cut_out(target)
        if cut_out is not None:
            ink, _ = self.sketcher.sketch(cut_out, rng, held_out=False)
        else:
            name = self._drawn_as(example.names[target])
            assert name is not None and self.drawings is not None
            ink = self.drawings.sample_named(name, rng, held_out=False)
        return np.asarray(self.processor.fit(Image.fromarray(ink)))
