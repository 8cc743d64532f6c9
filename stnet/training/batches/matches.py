"""Batches for the match stage: drawings, and kept pictures that show what is drawn."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image

from stnet.model.processing import STNetProcessor
from stnet.training.batches.batch import MatchBatch
from stnet.training.batches.examples import MOST_OBJECTS
from stnet.training.batches.kept_pictures import KeptPictures
from stnet.training.batches.stream import stack
from stnet.training.batches.thing_sketches import ThingSketches
from stnet.training.config import RunError, TrainConfig


class MatchSource:
    """Batches of kept pictures, the share `photo_share` photos, with up to `queries_per_image` drawings each.

    `names`: the drawing categories whose drawings must keep their names; their numbers are a batch's `name`.

    Raises:
        RunError: if no kept picture of a kind shows a thing that can be drawn.
    """

    def __init__(
        self,
        kept: KeptPictures,
        sketches: ThingSketches,
        processor: STNetProcessor,
        names: Sequence[str],
        config: TrainConfig,
    ) -> None:
        self.kept, self.sketches, self.processor, self.config = kept, sketches, processor, config
        self.numbers = {name: number for number, name in enumerate(names)}
        self.able = [
            [number for number, thing in enumerate(objects) if sketches.can_draw(thing)]
            for objects in kept.objects
        ]
        things = sorted({thing.name for objects in kept.objects for thing in objects})
        self.things = {name: number for number, name in enumerate(things)}
        usable = [row for row, able in enumerate(self.able) if able]
        self.scenes = [row for row in usable if kept.objects[row][0].cut_out is not None]
        self.photos = [row for row in usable if kept.objects[row][0].cut_out is None]
        photos = round(config.batch_size * config.photo_share)
        self.counts = ((self.photos, photos), (self.scenes, config.batch_size - photos))
        if any(count > len(rows) for rows, count in self.counts):
            raise RunError(
                f"a batch needs {config.batch_size - photos} scenes and {photos} photos with something to "
                f"draw; {len(self.scenes)} and {len(self.photos)} were kept"
            )

    def set_image_size(self, size: int) -> None:
        """Kept pictures have one size."""

    def make(self, rng: np.random.Generator) -> MatchBatch:
        """One batch."""
        chosen = [rng.choice(rows, count, replace=False) for rows, count in self.counts]
        rows = np.sort(np.concatenate(chosen).astype(np.int64))
        asked = [
            (place, number)
            for place, row in enumerate(rows)
            for number in rng.permutation(self.able[row])[: self.config.queries_per_image]
        ]
        drawn = [self.sketches.draw(self.kept.objects[rows[place]][number], rng) for place, number in asked]
        thing = np.full((len(rows), MOST_OBJECTS), -1, np.int64)
        for place, row in enumerate(rows):
            for number, entry in enumerate(self.kept.objects[row]):
                thing[place, number] = self.things[entry.name]
        places, numbers = np.array(asked).T
        return MatchBatch(
            ink=stack([np.asarray(self.processor.fit(Image.fromarray(ink))) for ink, _ in drawn]),
            name=torch.tensor([-1 if name is None else self.numbers[name] for _, name in drawn]),
            picture=torch.from_numpy(places),
            thing=torch.from_numpy(thing[places, numbers]),
            words=torch.from_numpy(self.kept.words[rows][places, numbers].astype(np.float32)),
            patches=torch.from_numpy(self.kept.patches[rows].astype(np.float32)),
            things=torch.from_numpy(thing),
            coverage=torch.from_numpy(self.kept.coverage[rows].astype(np.float32)),
        )
