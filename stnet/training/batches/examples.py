"""Pictures with known contents for training: composed scenes and photos, in one form."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from stnet.data.categories import CategorySplit
from stnet.data.objects import CutOut, ObjectBank
from stnet.data.photos import SMALLEST_CROP, Crop, Photo, load_photos, random_crop
from stnet.data.scenes.backdrops import Backdrops
from stnet.data.scenes.composing import Scene, compose
from stnet.data.scenes.groups import GROUP, compose_group
from stnet.data.scenes.pasting import PastedCutOut
from stnet.data.words.photo_names import drawn_as, labelled_as
from stnet.data.words.photo_texts import WHOLE_ENOUGH
from stnet.model.configuration import STNetConfig
from stnet.training.batches.copy_paste import CopyPaste
from stnet.training.batches.labels import box_coverage, box_labels, patch_coverage, patch_labels
from stnet.training.batches.stream import SharedSize
from stnet.training.config import RunError, TrainConfig

MOST_OBJECTS = 6
POOL = (30, 90)  # a batch's scenes draw from between so many categories: so that objects recur
FEWEST_BOXES = 30  # a photo category with fewer boxes teaches nothing that lasts


@dataclass(frozen=True)
class Example:
    """A picture and its K objects.

    Attributes:
        pixels: (S, S, 3) uint8.
        coverage: share of each patch that each object covers, (K, P).
        categories: class ids, (K,), -1 for an object whose class isn't trained.
        boxes: x0, y0, x1, y1 in 0..1, (K, 4); empty if nobody knows where the object is.
        names: the objects' category names.
        scene: the composed scene, for its words and cut-outs; None for a photo.
        crop: the photo's crop, for its words; None for a scene.
        rivals: scenes of which the words about this one must not be true.
        labels: words for the whole picture, beside the crop's captions.
        row: where its maps lie in a feature pool; None for a picture in pixels.
    """

    pixels: np.ndarray
    coverage: np.ndarray
    categories: np.ndarray
    boxes: np.ndarray
    names: tuple[str, ...]
    scene: Scene | None = None
    crop: Crop | None = None
    rivals: tuple[Scene, ...] = ()
    labels: tuple[str, ...] = ()
    row: int | None = None

    def cut_out(self, number: int) -> CutOut | None:
        """What object `number` was composed from, if a drawing can be traced from it."""
        cut_out = None if self.scene is None else self.scene.objects[number].cut_out
        return None if isinstance(cut_out, PastedCutOut) else cut_out


def photo_categories(
    photos: Sequence[Photo], split: CategorySplit, drawable: Collection[str] = ()
) -> list[str]:
    """Categories worth a class that photos add to those of the split.

    By how often they are boxed; and what people draw (the names in `drawable`) for labels of whole photos,
    but for drawings that the split knows under another name.
    """
    trained = [photo for photo in photos if not photo.held_out]
    boxes = Counter(entry.category for photo in trained for entry in photo.objects)
    boxed = {name for name, count in boxes.items() if count >= FEWEST_BOXES}
    known = {name for names in split.drawings.values() for name in names} | {drawn_as(name) for name in boxed}
    labelled = {labelled_as(label, drawable) for photo in trained for label in photo.labels} - known
    return sorted(name for name in boxed | labelled if name and name not in split.names)


class ExampleSource:
    """Makes single examples; a batch's scenes draw from part of the categories, so that objects recur.

    `image_size` and `patch_size` are the image tower's, in pixels: patches are labelled on its grid.
    `copy_paste` is the share of the pictures that get an object of a photo pasted in. With `backdrops` some
    scenes have a photograph behind them.

    Raises:
        RunError: if the model (its `categories`) lacks a class that would be trained, or there is nothing to
            paste.
    """

    def __init__(
        self,
        bank: ObjectBank,
        split: CategorySplit,
        photos: Sequence[Photo],
        categories: Sequence[str],
        image_size: int,
        patch_size: int,
        copy_paste: float = 0.0,
        backdrops: Backdrops | None = None,
    ) -> None:
        self.bank, self.backdrops = bank, backdrops
        self.seen = [name for name in split.seen if name in bank.categories]
        unknown = sorted(set(self.seen) - set(categories))
        if unknown:
            raise RunError(f"the model has no class for {len(unknown)} categories such as {unknown[:5]}")
        self.photos = [photo for photo in photos if not photo.held_out]
        self.boxed = [photo for photo in self.photos if photo.objects]
        self.worded = [photo for photo in self.photos if photo.captions or photo.labels]
        self.ids = {name: number for number, name in enumerate(categories)}
        self.copy_paste = CopyPaste(self.boxed, self.ids, copy_paste)
        self.background = len(categories)
        self.size, self.patch_size = SharedSize(image_size), patch_size

    def scenes(self, rng: np.random.Generator, size: int, count: int, grouped: float) -> list[Example]:
        """`count` scenes of one pool of categories, the share `grouped` of them in groups."""
        pool = self.pool(rng, int(rng.integers(*POOL)))
        groups = int(count * grouped) // GROUP
        made = [example for _ in range(groups) for example in self.group(rng, size, pool)]
        return made + [self.scene(rng, size, pool) for _ in range(count - len(made))]

    def scene(self, rng: np.random.Generator, size: int, pool: Sequence[str]) -> Example:
        """A composed scene with objects of the categories in `pool`."""
        scene = compose(self.bank, rng, size=size, categories=pool, backdrops=self.backdrops)
        return self._example(self.copy_paste.onto_scene(scene, rng))

    def group(self, rng: np.random.Generator, size: int, pool: Sequence[str]) -> list[Example]:
        """GROUP scenes that only a drawing and words together tell apart."""
        composed = compose_group(self.bank, rng, size=size, categories=pool, backdrops=self.backdrops)
        scenes = [self.copy_paste.onto_scene(scene, rng) for scene in composed]
        return [
            self._example(scene, rivals=(*scenes[:number], *scenes[number + 1 :]))
            for number, scene in enumerate(scenes)
        ]

    def _example(self, scene: Scene, rivals: tuple[Scene, ...] = ()) -> Example:
        objects = scene.objects[:MOST_OBJECTS]
        return Example(
            pixels=scene.image,
            coverage=patch_coverage(scene.labels, len(objects), self.patch_size),
            categories=np.array([self.ids.get(entry.category, -1) for entry in objects], np.int64),
            boxes=np.array([entry.box for entry in objects], np.float32).reshape(-1, 4),
            names=tuple(entry.category for entry in objects),
            scene=scene,
            rivals=rivals,
        )

    def photo(self, rng: np.random.Generator, size: int, *, boxed: bool, captioned: bool = False) -> Example:
        """A random crop of a photo; of one with boxes if asked; large enough for its captions if asked."""
        pool = self.boxed if boxed else self.photos
        photo = pool[rng.integers(len(pool))]
        smallest = WHOLE_ENOUGH if captioned and photo.captions else SMALLEST_CROP
        crop = self.copy_paste.onto_crop(random_crop(photo, size, rng, smallest=smallest), rng)
        return self._of_crop(crop, size)

    def _of_crop(self, crop: Crop, size: int) -> Example:
        largest = crop.objects[:MOST_OBJECTS]
        boxes = np.array([entry.box for entry in largest], np.float32).reshape(-1, 4)
        coverage = box_coverage(boxes, size // self.patch_size)
        if crop.pasted:
            coverage[1:] *= 1 - coverage[0]
        return Example(
            pixels=crop.pixels,
            coverage=coverage,
            categories=np.array([self.ids.get(entry.category, -1) for entry in largest], np.int64),
            boxes=boxes,
            names=tuple(entry.category for entry in largest),
            crop=crop,
        )

    def worded_photo(self, rng: np.random.Generator, size: int) -> Example:
        """A large crop of a photo with captions or labels; where what a label names is, nobody knows."""
        photo = self.worded[rng.integers(len(self.worded))]
        example = self._of_crop(random_crop(photo, size, rng, smallest=WHOLE_ENOUGH), size)
        named = {labelled_as(label, self.ids) for label in photo.labels} - {None, *example.names}
        names = sorted(name for name in named if name)[: MOST_OBJECTS - len(example.names)]
        return replace(
            example,
            coverage=np.concatenate(
                [
                    example.coverage,
                    np.zeros_like(example.coverage, shape=(len(names), example.coverage.shape[1])),
                ]
            ),
            categories=np.array([*example.categories, *(self.ids[name] for name in names)], np.int64),
            boxes=np.concatenate([example.boxes, np.zeros((len(names), 4), np.float32)]),
            names=(*example.names, *names),
            labels=photo.labels,
        )

    def labels(self, example: Example) -> np.ndarray:
        """Class of every patch (P,); on photos only what a box fills is known, the rest may be anything."""
        label = box_labels if example.scene is None else patch_labels
        return label(example.coverage, example.categories, self.background)

    def pool(self, rng: np.random.Generator, size: int) -> list[str]:
        """`size` of the seen categories."""
        return [self.seen[i] for i in rng.permutation(len(self.seen))[:size]]


def example_source(
    config: TrainConfig, model: STNetConfig, bank: ObjectBank, split: CategorySplit, photos: Sequence[Photo]
) -> ExampleSource:
    """The examples of a run, for a model of this configuration.

    Raises:
        RunError: see ExampleSource.
        ValueError: if the folder of backdrops has none.
    """
    return ExampleSource(
        bank,
        split,
        photos,
        model.categories,
        model.image_size,
        model.patch_size,
        config.copy_paste,
        Backdrops(Path(config.backdrops)) if config.backdrops else None,
    )


def read_photos(folder: str | None) -> list[Photo]:
    """The photos of the configuration, none if it names none."""
    return [] if folder is None else load_photos(Path(folder))
