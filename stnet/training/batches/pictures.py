"""Batches for the image stage: composed scenes and photos, and what each patch of them shows."""

from collections.abc import Sequence

import numpy as np
import torch

from stnet.training.batches.batch import PictureBatch
from stnet.training.batches.examples import MOST_OBJECTS, Example, ExampleSource
from stnet.training.batches.stream import stack
from stnet.training.config import RunError


class PictureSource:
    """Batches for the image stage."""

    def __init__(self, examples: ExampleSource, batch_size: int, photo_share: float) -> None:
        if photo_share and not examples.photos:
            raise RunError(f"photo_share is {photo_share}, but there are no photos to train on")
        self.examples, self.batch_size, self.photo_share = examples, batch_size, photo_share

    def set_image_size(self, size: int) -> None:
        """For the batches to come, in pixels."""
        self.examples.size.set(size)

    def make(self, rng: np.random.Generator) -> PictureBatch:
        """One batch, the given share of it photos."""
        photos = round(self.batch_size * self.photo_share)
        size = self.examples.size.get()  # once a batch: it may change at any moment
        made = [self.examples.photo(rng, size, boxed=False) for _ in range(photos)]
        made += [self.examples.scene(rng, size, self.examples.seen) for _ in range(self.batch_size - photos)]
        return picture_batch(made, [self.examples.labels(example) for example in made])


def picture_batch(examples: Sequence[Example], labels: Sequence[np.ndarray]) -> PictureBatch:
    """Examples of one size as a batch, their objects padded to MOST_OBJECTS.

    Args:
        labels: the class of every patch of each example, (P,) each.
    """
    patches, rows = examples[0].coverage.shape[1], [example.row for example in examples]
    coverage = np.zeros((len(examples), MOST_OBJECTS, patches), np.float32)
    category = np.full((len(examples), MOST_OBJECTS), -1, np.int64)
    box = np.zeros((len(examples), MOST_OBJECTS, 4), np.float32)
    for row, example in enumerate(examples):
        count = len(example.categories)
        coverage[row, :count] = example.coverage
        category[row, :count] = example.categories
        box[row, :count] = example.boxes
    return PictureBatch(
        images=stack([example.pixels for example in examples]),
        patch_labels=stack(labels),
        coverage=torch.from_numpy(coverage),
        object_category=torch.from_numpy(category),
        object_box=torch.from_numpy(box),
        placed=torch.from_numpy((box[..., 2:] > box[..., :2]).all(-1)),
        rows=None if rows[0] is None else torch.tensor(rows),
    )
